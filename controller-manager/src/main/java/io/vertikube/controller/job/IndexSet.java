package io.vertikube.controller.job;

import io.vertikube.controller.workload.Fields;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A set of completion indexes, written as {@code 1,3-5,7}. Immutable. */
final class IndexSet {
    static final IndexSet EMPTY = new IndexSet(new BitSet());

    private final BitSet bits;

    private IndexSet(BitSet bits) {
        this.bits = bits;
    }

    /** Reads what {@link #toString()} wrote; parts that are no numbers, or not below {@code completions}, are left out. */
    static IndexSet parse(@Nullable String text, int completions) {
        var bits = new BitSet();
        for (String part : Fields.text(text).split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : number(part.substring(dash + 1));
            if (first >= 0 && last >= first) {
                bits.set(Math.min(first, completions), Math.min(last + 1, completions));
            }
        }
        return new IndexSet(bits);
    }

    IndexSet with(int index) {
        if (bits.get(index)) {
            return this;
        }
        var more = (BitSet) bits.clone();
        more.set(index);
        return new IndexSet(more);
    }

    IndexSet without(IndexSet others) {
        var fewer = (BitSet) bits.clone();
        fewer.andNot(others.bits);
        return new IndexSet(fewer);
    }

    boolean contains(int index) {
        return bits.get(index);
    }

    boolean containsAll(IndexSet others) {
        var missing = (BitSet) others.bits.clone();
        missing.andNot(bits);
        return missing.isEmpty();
    }

    int common(IndexSet others) {
        var both = (BitSet) bits.clone();
        both.and(others.bits);
        return both.cardinality();
    }

    int size() {
        return bits.cardinality();
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexSet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int first = bits.nextSetBit(0); first >= 0; ) {
            int last = bits.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (last > first) {
                text.append(last == first + 1 ? "," : "-").append(last);
            }
            first = bits.nextSetBit(last + 1);
        }
        return text.toString();
    }
}
