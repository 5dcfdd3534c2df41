package io.vertikube.kubelet.server;

import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the node and its pods use, in the Prometheus text format: {@code /metrics/resource} with the names of KEP-727, and
 * the same figures under cAdvisor's names. Pure functions.
 */
final class UsageReport {

    /** The node's own usage. */
    record NodeUsage(String name, long cpuCoreNanoseconds, Machine.Resources resources, Instant at) {

        long memoryUsed() {
            return resources.memoryBytes() - resources.memoryAvailable();
        }
    }

    /**
     * All that was seen at once.
     *
     * @param started when containers were started, by id, as far as it is known
     * @param failed whether the runtime did not answer
     */
    record Seen(NodeUsage node, List<ContainerUsage> containers, Map<String, Instant> started, boolean failed) {
        Seen {
            containers = List.copyOf(containers);
            started = Map.copyOf(started);
        }

        Optional<Instant> startOf(ContainerUsage usage) {
            return Optional.ofNullable(started.get(usage.containerId()));
        }

        /** Containers that belong to a pod, by pod. */
        Map<PodIdentity, List<ContainerUsage>> byPod() {
            Map<PodIdentity, List<ContainerUsage>> result = new LinkedHashMap<>();
            for (ContainerUsage each : containers) {
                Labels.pod(each.labels())
                        .ifPresent(pod -> result.computeIfAbsent(pod, p -> new ArrayList<>())
                                .add(each));
            }
            return result;
        }
    }

    private final StringBuilder text = new StringBuilder();

    private UsageReport() {}

    /** Text of {@code /metrics/resource}. */
    static String resourceMetrics(Seen seen) {
        var page = new UsageReport();
        page.containers(seen, UsageReport::labels);
        NodeUsage node = seen.node();
        page.family(
                "node_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the node in core-seconds");
        page.line("node_cpu_usage_seconds_total", "", seconds(node.cpuCoreNanoseconds()), node.at());
        page.family("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes");
        page.line("node_memory_working_set_bytes", "", Long.toString(node.memoryUsed()), node.at());
        page.family(
                "pod_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the pod in core-seconds");
        seen.byPod()
                .forEach((pod, all) -> page.line(
                        "pod_cpu_usage_seconds_total",
                        labels(pod),
                        seconds(sum(all, ContainerUsage::cpuCoreNanoseconds)),
                        latest(all)));
        page.family("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes");
        seen.byPod()
                .forEach((pod, all) -> page.line(
                        "pod_memory_working_set_bytes",
                        labels(pod),
                        Long.toString(sum(all, ContainerUsage::workingSetBytes)),
                        latest(all)));
        for (String name : List.of("resource_scrape_error", "scrape_error")) {
            page.family(name, "gauge", "1 if there was an error while getting container metrics, 0 otherwise");
            page.text.append(name).append(seen.failed() ? " 1\n" : " 0\n");
        }
        return page.text.toString();
    }

    /** Text of {@code /metrics/cadvisor}: what is known of what cAdvisor tells. */
    static String cadvisorMetrics(Seen seen) {
        var page = new UsageReport();
        page.containers(seen, UsageReport::cadvisorLabels);
        page.family("container_fs_usage_bytes", "gauge", "Number of bytes that are consumed by the container.");
        for (ContainerUsage each : seen.containers()) {
            page.line(
                    "container_fs_usage_bytes",
                    cadvisorLabels(each),
                    Long.toString(each.writableLayerBytes()),
                    each.at());
        }
        page.family("machine_cpu_cores", "gauge", "Number of logical CPU cores.");
        page.text
                .append("machine_cpu_cores ")
                .append(seen.node().resources().cpus())
                .append('\n');
        page.family("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.");
        page.text
                .append("machine_memory_bytes ")
                .append(seen.node().resources().memoryBytes())
                .append('\n');
        return page.text.toString();
    }

    /** How a container is labelled. */
    private interface Labelling {
        String of(ContainerUsage usage);
    }

    private void containers(Seen seen, Labelling labels) {
        family(
                "container_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the container in core-seconds");
        for (ContainerUsage each : seen.containers()) {
            line("container_cpu_usage_seconds_total", labels.of(each), seconds(each.cpuCoreNanoseconds()), each.at());
        }
        family("container_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the container in bytes");
        for (ContainerUsage each : seen.containers()) {
            line(
                    "container_memory_working_set_bytes",
                    labels.of(each),
                    Long.toString(each.workingSetBytes()),
                    each.at());
        }
        family(
                "container_start_time_seconds",
                "gauge",
                "[STABLE] Start time of the container since unix epoch in seconds");
        for (ContainerUsage each : seen.containers()) {
            seen.startOf(each)
                    .ifPresent(start -> line(
                            "container_start_time_seconds",
                            labels.of(each),
                            String.format(Locale.ROOT, "%.3f", start.toEpochMilli() / 1e3),
                            each.at()));
        }
    }

    private static String labels(ContainerUsage usage) {
        return "{container=\"" + usage.name() + "\",namespace=\""
                + usage.labels().getOrDefault(Labels.POD_NAMESPACE, "") + "\",pod=\""
                + usage.labels().getOrDefault(Labels.POD_NAME, "") + "\"}";
    }

    private static String cadvisorLabels(ContainerUsage usage) {
        return "{container=\"" + usage.name() + "\",name=\"" + usage.containerId() + "\",namespace=\""
                + usage.labels().getOrDefault(Labels.POD_NAMESPACE, "") + "\",pod=\""
                + usage.labels().getOrDefault(Labels.POD_NAME, "") + "\"}";
    }

    private static String labels(PodIdentity pod) {
        return "{namespace=\"" + pod.namespace() + "\",pod=\"" + pod.name() + "\"}";
    }

    private static long sum(List<ContainerUsage> all, ToLongFunction<ContainerUsage> figure) {
        return all.stream().mapToLong(figure).sum();
    }

    private static Instant latest(List<ContainerUsage> all) {
        return all.stream().map(ContainerUsage::at).max(Instant::compareTo).orElse(Instant.EPOCH);
    }

    private void family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void line(String name, String labels, String value, Instant at) {
        text.append(name)
                .append(labels)
                .append(' ')
                .append(value)
                .append(' ')
                .append(at.toEpochMilli())
                .append('\n');
    }

    private static String seconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.9f", nanoseconds / 1e9);
    }
}
