package io.vertikube.e2e.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that are equal if two runs did the same: one over all writes in their order, one over what each step wrote, in
 * whatever order. Confined to the history's lock.
 */
final class Digest {

    private static final int SHOWN = 8;

    private final MessageDigest sequence = Canon.digest();
    private final MessageDigest steps = Canon.digest();
    private final TreeMap<String, Integer> ofStep = new TreeMap<>();
    private @Nullable Consumer<String> journal;
    private boolean begun;

    /** Everything that is taken in is told too; for who wants to see where two runs part. */
    void journal(Consumer<String> lines) {
        journal = lines;
    }

    /** What was written before is not of this run. */
    void begin() {
        begun = true;
    }

    void add(Change change) {
        if (!begun) {
            return;
        }
        String line = change.at() + " " + change.id() + " "
                + (change.after() == null ? "deleted" : Canon.text(change.after()));
        if (journal != null) {
            journal.accept(line);
        }
        sequence.update(line.getBytes(StandardCharsets.UTF_8));
        ofStep.merge(line, 1, Integer::sum);
    }

    void stepEnds() {
        steps.update(ofStep.toString().getBytes(StandardCharsets.UTF_8));
        ofStep.clear();
    }

    /** Of the writes in their order, so far. */
    String sequence() {
        return shown(sequence);
    }

    /** Of the writes of each step, without their order in it. */
    String steps() {
        return shown(steps);
    }

    private static String shown(MessageDigest running) {
        try {
            byte[] whole = ((MessageDigest) running.clone()).digest();
            return HexFormat.of().formatHex(whole, 0, SHOWN);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a SHA-256 can be copied", e);
        }
    }
}
