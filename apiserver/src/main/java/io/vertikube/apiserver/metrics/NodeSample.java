package io.vertikube.apiserver.metrics;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look at a node. Immutable.
 *
 * @param node null if the kubelet did not tell of the node itself
 * @param pods containers by pod ({@code namespace/name}) and name
 */
record NodeSample(@Nullable Point node, Map<String, Map<String, Point>> pods) {

    NodeSample {
        pods = Map.copyOf(pods);
    }

    private static final String NODE_CPU = "node_cpu_usage_seconds_total";
    private static final String NODE_MEMORY = "node_memory_working_set_bytes";
    private static final String CPU = "container_cpu_usage_seconds_total";
    private static final String MEMORY = "container_memory_working_set_bytes";
    private static final String STARTED = "container_start_time_seconds";

    /** What a container's lines say, until all are read. */
    private static final class Parts {
        private @Nullable Instant at;
        private double cpu = -1;
        private double memory = -1;
        private double started = -1;

        void take(String name, ExpositionLine line, Instant now) {
            switch (name) {
                case NODE_CPU, CPU -> {
                    cpu = line.value();
                    at = line.at().orElse(now);
                }
                case NODE_MEMORY, MEMORY -> memory = line.value();
                default -> started = line.value();
            }
        }

        Optional<Point> point() {
            return at == null || !(cpu >= 0) || !(memory >= 0)
                    ? Optional.empty()
                    : Optional.of(new Point(at, Math.round(cpu * 1e9), Math.round(memory), time(started)));
        }

        private static @Nullable Instant time(double seconds) {
            return seconds > 0 ? Instant.ofEpochMilli(Math.round(seconds * 1000)) : null;
        }
    }

    /**
     * Reads the text of a kubelet's {@code /metrics/resource}; what is not understood is passed over. A pod of which one
     * container lacks a figure is left out, since its sum would be wrong.
     */
    static NodeSample of(String text, Instant now) {
        var node = new Parts();
        Map<String, Map<String, Parts>> pods = new HashMap<>();
        text.lines()
                .forEach(raw -> ExpositionLine.of(raw).ifPresent(line -> {
                    switch (line.name()) {
                        case NODE_CPU, NODE_MEMORY -> node.take(line.name(), line, now);
                        case CPU, MEMORY, STARTED ->
                            pods.computeIfAbsent(
                                            line.label("namespace") + "/" + line.label("pod"), p -> new HashMap<>())
                                    .computeIfAbsent(line.label("container"), c -> new Parts())
                                    .take(line.name(), line, now);
                        default -> {}
                    }
                }));
        Map<String, Map<String, Point>> known = new HashMap<>();
        pods.forEach((pod, containers) -> {
            Map<String, Point> points = new HashMap<>();
            containers.forEach((name, parts) -> parts.point().ifPresent(point -> points.put(name, point)));
            if (points.size() == containers.size()) {
                known.put(pod, Map.copyOf(points));
            }
        });
        return new NodeSample(node.point().orElse(null), known);
    }
}
