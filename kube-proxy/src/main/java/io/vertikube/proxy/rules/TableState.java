package io.vertikube.proxy.rules;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that one nftables table holds: sets and maps by name, chains by name. Immutable. */
public record TableState(SortedMap<String, ElementSet> sets, SortedMap<String, Chain> chains) {

    public TableState {
        sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
        chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    }

    /** A table with nothing in it. */
    public static TableState empty() {
        return new TableState(new TreeMap<>(), new TreeMap<>());
    }

    /** How many elements all sets and maps have together. */
    public int elementCount() {
        return sets.values().stream()
                .map(ElementSet::elements)
                .mapToInt(Map::size)
                .sum();
    }
}
