package io.vertikube.apiserver.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The last two looks at a node, from which rates follow. Immutable. */
record NodeUsage(@Nullable NodeSample earlier, NodeSample latest) {

    /** This and a newer look. A look at figures that the kubelet had not renewed takes the place of the latest. */
    static NodeUsage after(@Nullable NodeUsage before, NodeSample sample) {
        if (before == null) {
            return new NodeUsage(null, sample);
        }
        Point was = before.latest.node();
        Point is = sample.node();
        boolean renewed = was == null || is == null || was.at().isBefore(is.at());
        return new NodeUsage(renewed ? before.latest : before.earlier, sample);
    }

    boolean isRate() {
        return earlier != null;
    }

    Optional<Usage> node() {
        Point point = latest.node();
        return point == null
                ? Optional.empty()
                : Optional.ofNullable(point.since(earlier == null ? null : earlier.node()));
    }

    /** The usage of every container of a pod by name; empty as long as one of them cannot be told. */
    Map<String, Usage> pod(String pod) {
        Map<String, Point> before = earlier == null ? Map.of() : earlier.pods().getOrDefault(pod, Map.of());
        Map<String, Usage> all = new TreeMap<>();
        for (var container : latest.pods().getOrDefault(pod, Map.of()).entrySet()) {
            Usage usage = container.getValue().since(before.get(container.getKey()));
            if (usage == null) {
                return Map.of();
            }
            all.put(container.getKey(), usage);
        }
        return all;
    }
}
