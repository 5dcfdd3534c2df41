package io.vertikube.kubelet.stats;

import java.io.IOException;
import java.util.List;

/** {@code /metrics/resource}, with the names of KEP-727. Pure functions. */
public final class ResourceMetrics {

    private ResourceMetrics() {}

    /** The page of what is used now. */
    public static String of(UsageSource source) throws IOException, InterruptedException {
        return of(source.now());
    }

    static String of(Seen seen) {
        var page = new MetricsText();
        page.family(
                "container_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the container in core-seconds");
        each(
                seen,
                (labels, one) -> page.seconds(
                        "container_cpu_usage_seconds_total",
                        labels,
                        one.usage().cpuCoreNanoseconds(),
                        one.usage().at()));
        page.family(
                "container_memory_working_set_bytes",
                "gauge",
                "[STABLE] Current working set of the container in bytes");
        each(
                seen,
                (labels, one) -> page.number(
                        "container_memory_working_set_bytes",
                        labels,
                        one.usage().workingSetBytes(),
                        one.usage().at()));
        page.family(
                "container_start_time_seconds",
                "gauge",
                "[STABLE] Start time of the container since unix epoch in seconds");
        each(
                seen,
                (labels, one) -> one.start()
                        .ifPresent(start -> page.time(
                                "container_start_time_seconds",
                                labels,
                                start,
                                one.usage().at())));
        if (seen.pods().stream()
                .flatMap(pod -> pod.containers().stream())
                .anyMatch(one -> one.figures().memory().swap() >= 0)) {
            page.family(
                    "container_swap_usage_bytes",
                    "gauge",
                    "[ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems");
            each(
                    seen,
                    (labels, one) -> page.number(
                            "container_swap_usage_bytes",
                            labels,
                            one.figures().memory().swap(),
                            one.usage().at()));
        }
        Seen.NodeUsage node = seen.node();
        page.family(
                "node_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the node in core-seconds");
        page.seconds("node_cpu_usage_seconds_total", "", node.cpuCoreNanoseconds(), node.at());
        page.family("node_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the node in bytes");
        page.number("node_memory_working_set_bytes", "", node.memoryUsed(), node.at());
        page.family(
                "pod_cpu_usage_seconds_total",
                "counter",
                "[STABLE] Cumulative cpu time consumed by the pod in core-seconds");
        for (Seen.PodUsage pod : seen.pods()) {
            page.seconds("pod_cpu_usage_seconds_total", labels(pod), pod.cpuCoreNanoseconds(), pod.at());
        }
        page.family("pod_memory_working_set_bytes", "gauge", "[STABLE] Current working set of the pod in bytes");
        for (Seen.PodUsage pod : seen.pods()) {
            page.number("pod_memory_working_set_bytes", labels(pod), pod.workingSetBytes(), pod.at());
        }
        for (String name : List.of("resource_scrape_error", "scrape_error")) {
            page.family(name, "gauge", "1 if there was an error while getting container metrics, 0 otherwise");
            page.plain(name, "", seen.failed() ? 1 : 0);
        }
        return page.toString();
    }

    private interface Line {
        void write(String labels, Seen.ContainerSeen container);
    }

    private static void each(Seen seen, Line line) {
        for (Seen.PodUsage pod : seen.pods()) {
            for (Seen.ContainerSeen container : pod.containers()) {
                line.write(
                        MetricsText.labels(
                                "container", container.usage().name(),
                                "namespace", pod.pod().namespace(),
                                "pod", pod.pod().name()),
                        container);
            }
        }
    }

    private static String labels(Seen.PodUsage pod) {
        return MetricsText.labels(
                "namespace", pod.pod().namespace(), "pod", pod.pod().name());
    }
}
