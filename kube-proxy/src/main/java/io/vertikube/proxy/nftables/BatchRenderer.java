package io.vertikube.proxy.nftables;

import io.vertikube.proxy.rules.Chain;
import io.vertikube.proxy.rules.ElementSet;
import io.vertikube.proxy.rules.TableState;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes batches in nft's language: a whole table, or the way from one state to another. One batch is one transaction
 * of the kernel, so no packet sees a state in between. Immutable.
 */
public final class BatchRenderer {

    private static final String FAMILY = "ip";

    private final String table;

    /** @param table the name of the table, family ip */
    public BatchRenderer(String table) {
        this.table = FAMILY + " " + table;
    }

    /** Replaces whatever the table holds. */
    public String whole(TableState state) {
        return removal() + change(TableState.empty(), state);
    }

    /** Removes the table, also when it is not there. */
    public String removal() {
        return "table " + table + " {}\ndelete table " + table + "\n";
    }

    /** The way from a state to another; empty when there is nothing to do. */
    public String change(TableState from, TableState to) {
        var batch = new StringBuilder();
        if (from.chains().isEmpty() && from.sets().isEmpty() && !to.chains().isEmpty()) {
            batch.append("add table ").append(table).append('\n');
        }
        declare(batch, from, to);
        List<String> gone = clearChains(batch, from, to);
        clearElements(batch, from, to);
        fillChains(batch, from, to);
        addElements(batch, from, to);
        gone.forEach(chain -> line(batch, "delete chain", chain));
        from.sets().forEach((name, set) -> {
            ElementSet now = to.sets().get(name);
            if (now == null) {
                line(batch, set.map() ? "delete map" : "delete set", name);
            }
        });
        return batch.toString();
    }

    /** New sets and chains come first, so that everything after may refer to them. */
    private void declare(StringBuilder batch, TableState from, TableState to) {
        to.sets().forEach((name, set) -> {
            ElementSet before = from.sets().get(name);
            if (before != null && !before.declaredLike(set)) {
                throw new IllegalStateException(name + " changes its declaration; the table must be loaded whole");
            }
            if (before == null) {
                begin(batch, set.map() ? "add map" : "add set", name);
                batch.append(" { typeof ").append(set.type()).append("; ");
                set.options().forEach(option -> batch.append(option).append("; "));
                batch.append("}\n");
            }
        });
        to.chains().forEach((name, chain) -> {
            if (!from.chains().containsKey(name)) {
                begin(batch, "add chain", name);
                batch.append(chain.hook() == null ? "\n" : " { " + chain.hook() + "; policy accept; }\n");
            }
        });
    }

    /** Flushes chains that change or go; answers those that go. */
    private List<String> clearChains(StringBuilder batch, TableState from, TableState to) {
        var gone = new ArrayList<String>();
        from.chains().forEach((name, chain) -> {
            Chain now = to.chains().get(name);
            if (now == null) {
                gone.add(name);
            }
            if (!chain.equals(now)) {
                line(batch, "flush chain", name);
            }
        });
        return gone;
    }

    private void clearElements(StringBuilder batch, TableState from, TableState to) {
        from.sets().forEach((name, set) -> {
            ElementSet now = to.sets().get(name);
            var keys = new ArrayList<String>();
            set.elements().forEach((key, value) -> {
                if (now == null || !value.equals(now.elements().get(key))) {
                    keys.add(key);
                }
            });
            elements(batch, "delete element", name, keys);
        });
    }

    private void fillChains(StringBuilder batch, TableState from, TableState to) {
        to.chains().forEach((name, chain) -> {
            if (!chain.equals(from.chains().get(name))) {
                for (String rule : chain.rules()) {
                    begin(batch, "add rule", name);
                    batch.append(' ').append(rule).append('\n');
                }
            }
        });
    }

    private void addElements(StringBuilder batch, TableState from, TableState to) {
        to.sets().forEach((name, set) -> {
            ElementSet before = from.sets().get(name);
            var entries = new ArrayList<String>();
            set.elements().forEach((key, value) -> {
                if (before == null || !value.equals(before.elements().get(key))) {
                    entries.add(value.isEmpty() ? key : key + " : " + value);
                }
            });
            elements(batch, "add element", name, entries);
        });
    }

    private void elements(StringBuilder batch, String verb, String set, List<String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        entries.sort(null);
        begin(batch, verb, set);
        batch.append(" {\n  ").append(String.join(",\n  ", entries)).append("\n}\n");
    }

    private void line(StringBuilder batch, String verb, String name) {
        begin(batch, verb, name);
        batch.append('\n');
    }

    private void begin(StringBuilder batch, String verb, String name) {
        batch.append(verb).append(' ').append(table).append(' ').append(name);
    }
}
