package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;
import java.util.HashMap;
import java.util.Map;

/** Counts by the value of a node label. Confined to the making of one check or score, then only read. */
final class Topology {

    private record Place(String key, String value) {}

    private final Map<Place, Long> counts = new HashMap<>();

    void add(NodeView node, String key, long amount) {
        String value = node.labels().get(key);
        if (value != null) {
            counts.merge(new Place(key, value), amount, Long::sum);
        }
    }

    /** 0 where nothing was counted, and where the node does not have the label. */
    long at(NodeView node, String key) {
        String value = node.labels().get(key);
        return value == null ? 0 : counts.getOrDefault(new Place(key, value), 0L);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** The least over the values of a key that were counted; the largest number if there is none. */
    long least(String key) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().key.equals(key))
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    long domains(String key) {
        return counts.keySet().stream().filter(place -> place.key.equals(key)).count();
    }
}
