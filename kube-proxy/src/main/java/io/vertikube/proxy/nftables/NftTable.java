package io.vertikube.proxy.nftables;

import io.vertikube.proxy.node.Programs;
import io.vertikube.proxy.rules.TableState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's table {@code ip <name>}. Loaded whole the first time and whenever it is not what it was left as; else
 * only what differs is sent. Confined to the thread that synchronizes.
 */
public final class NftTable {

    private static final Logger LOG = LoggerFactory.getLogger(NftTable.class);
    private static final int SHOWN_OUTPUT = 2000;

    /** The kernel or nft refused a batch; nothing of it took effect. */
    public static final class NftException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NftException(String message) {
            super(message);
        }
    }

    private final Programs programs;
    private final String name;
    private final BatchRenderer renderer;
    private @Nullable TableState applied;

    public NftTable(Programs programs, String name) {
        this.programs = programs;
        this.name = name;
        this.renderer = new BatchRenderer(name);
    }

    /** Makes the table hold this state. A refused change is tried once more as a whole load. */
    public void apply(TableState wanted) {
        TableState before = applied;
        if (before != null && declaredAlike(before, wanted)) {
            String batch = renderer.change(before, wanted);
            if (batch.isEmpty()) {
                return;
            }
            Programs.Result result = nft(batch);
            if (result.succeeded()) {
                applied = wanted;
                return;
            }
            LOG.warn("table ip {} is not as it was left, loading it whole: {}", name, shown(result));
        }
        applied = null;
        Programs.Result result = nft(renderer.whole(wanted));
        if (!result.succeeded()) {
            throw new NftException("nft refused table ip " + name + ": " + shown(result));
        }
        applied = wanted;
    }

    /** Looks whether the table is still there, as {@code nft flush ruleset} removes it; the next apply loads it again. */
    public boolean verify() {
        if (applied == null) {
            return false;
        }
        Programs.Result tables = programs.run("nft", "list", "tables", "ip");
        boolean present = tables.succeeded()
                && tables.output().lines().anyMatch(line -> line.strip().equals("table ip " + name));
        if (!present) {
            LOG.warn("table ip {} was removed by somebody else", name);
            applied = null;
        }
        return present;
    }

    /** Removes the table. */
    public void remove() {
        applied = null;
        Programs.Result result = nft(renderer.removal());
        if (!result.succeeded()) {
            throw new NftException("nft cannot remove table ip " + name + ": " + shown(result));
        }
    }

    private Programs.Result nft(String batch) {
        return programs.run(List.of("nft", "-f", "-"), batch);
    }

    private static boolean declaredAlike(TableState a, TableState b) {
        return b.sets().entrySet().stream().allMatch(entry -> {
            var before = a.sets().get(entry.getKey());
            return before == null || before.declaredLike(entry.getValue());
        });
    }

    private static String shown(Programs.Result result) {
        String output = result.output();
        return output.length() > SHOWN_OUTPUT ? output.substring(0, SHOWN_OUTPUT) + "…" : output;
    }
}
