package io.vertikube.kubelet.stats;

import io.vertikube.kubelet.cgroup.CgroupFigures;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * {@code /metrics/cadvisor}: pods as a whole, with an empty {@code container}, and their containers, under cAdvisor's names
 * and labels. Pure functions.
 */
public final class CadvisorMetrics {

    /** One row: a pod's or a container's cgroup with its labels. */
    private record Row(
            String id,
            String container,
            String image,
            String name,
            String namespace,
            String pod,
            CgroupFigures figures,
            Instant at,
            Optional<Seen.ContainerSeen> seen,
            List<NetworkDevice> devices) {

        String labels(String... more) {
            String[] all = {
                "container", container, "id", id, "image", image, "name", name, "namespace", namespace, "pod", pod
            };
            String[] both = java.util.Arrays.copyOf(more, more.length + all.length);
            System.arraycopy(all, 0, both, more.length, all.length);
            return MetricsText.labels(both);
        }

        /** The runtime's own figure goes before the kernel's. */
        long cpu() {
            return seen.map(one -> one.usage().cpuCoreNanoseconds())
                    .orElse(figures.cpu().total());
        }

        long workingSet() {
            return seen.map(one -> one.usage().workingSetBytes())
                    .orElse(figures.memory().workingSet());
        }
    }

    private record Figure(String name, String type, String help, ToLongFunction<Row> value) {}

    private static final List<Figure> FIGURES = List.of(
            gauge(
                    "container_memory_working_set_bytes",
                    "Current working set of the container in bytes",
                    row -> row.workingSet()),
            gauge(
                    "container_memory_usage_bytes",
                    "Current memory usage in bytes, including all memory",
                    row -> row.figures().memory().usage()),
            gauge(
                    "container_memory_rss",
                    "Size of RSS in bytes.",
                    row -> row.figures().memory().rss()),
            gauge(
                    "container_memory_cache",
                    "Number of bytes of page cache memory.",
                    row -> row.figures().memory().cache()),
            gauge(
                    "container_memory_swap",
                    "Container swap usage in bytes.",
                    row -> row.figures().memory().swap()),
            gauge(
                    "container_spec_memory_limit_bytes",
                    "Memory limit for the container.",
                    row -> Math.max(0, row.figures().memory().limit())),
            counter(
                    "container_oom_events_total",
                    "Count of out of memory events observed for the container",
                    row -> row.figures().memory().oomKills()),
            counter(
                    "container_cpu_cfs_periods_total",
                    "Number of elapsed enforcement period intervals.",
                    row -> row.figures().cpu().periods()),
            counter(
                    "container_cpu_cfs_throttled_periods_total",
                    "Number of throttled period intervals.",
                    row -> row.figures().cpu().throttledPeriods()),
            gauge(
                    "container_processes",
                    "Number of processes running inside the container.",
                    row -> row.figures().tasks().processes()),
            gauge(
                    "container_threads",
                    "Number of threads running inside the container",
                    row -> row.figures().tasks().threads()));

    private static final List<Figure> SECONDS = List.of(
            counter(
                    "container_cpu_user_seconds_total",
                    "Cumulative user cpu time consumed in seconds.",
                    row -> row.figures().cpu().user()),
            counter(
                    "container_cpu_system_seconds_total",
                    "Cumulative system cpu time consumed in seconds.",
                    row -> row.figures().cpu().system()),
            counter(
                    "container_cpu_cfs_throttled_seconds_total",
                    "Total time duration the container has been throttled.",
                    row -> row.figures().cpu().throttled()));

    private record Traffic(String name, String help, ToLongFunction<NetworkDevice> value) {}

    private static final List<Traffic> TRAFFIC = List.of(
            new Traffic("receive_bytes", "bytes received", one -> one.received().bytes()),
            new Traffic(
                    "receive_errors",
                    "errors encountered while receiving",
                    one -> one.received().errors()),
            new Traffic(
                    "receive_packets_dropped",
                    "packets dropped while receiving",
                    one -> one.received().dropped()),
            new Traffic(
                    "receive_packets", "packets received", one -> one.received().packets()),
            new Traffic("transmit_bytes", "bytes transmitted", one -> one.sent().bytes()),
            new Traffic(
                    "transmit_errors",
                    "errors encountered while transmitting",
                    one -> one.sent().errors()),
            new Traffic(
                    "transmit_packets_dropped",
                    "packets dropped while transmitting",
                    one -> one.sent().dropped()),
            new Traffic(
                    "transmit_packets", "packets transmitted", one -> one.sent().packets()));

    private CadvisorMetrics() {}

    /** The page of what is used now. */
    public static String of(UsageSource source) throws IOException, InterruptedException {
        return of(source.now());
    }

    static String of(Seen seen) {
        var page = new MetricsText();
        List<Row> rows = seen.pods().stream().flatMap(pod -> rows(pod).stream()).toList();
        page.family("container_cpu_usage_seconds_total", "counter", "Cumulative cpu time consumed in seconds.");
        rows.forEach(row ->
                page.seconds("container_cpu_usage_seconds_total", row.labels("cpu", "total"), row.cpu(), row.at()));
        for (Figure figure : SECONDS) {
            page.family(figure.name(), figure.type(), figure.help());
            rows.forEach(row ->
                    page.seconds(figure.name(), row.labels(), figure.value().applyAsLong(row), row.at()));
        }
        for (Figure figure : FIGURES) {
            page.family(figure.name(), figure.type(), figure.help());
            rows.forEach(row ->
                    page.number(figure.name(), row.labels(), figure.value().applyAsLong(row), row.at()));
        }
        page.family(
                "container_start_time_seconds", "gauge", "Start time of the container since unix epoch in seconds.");
        rows.forEach(row -> row.seen()
                .flatMap(Seen.ContainerSeen::start)
                .ifPresent(start -> page.time("container_start_time_seconds", row.labels(), start, row.at())));
        page.family("container_last_seen", "gauge", "Last time a container was seen by the exporter");
        rows.forEach(
                row -> page.number("container_last_seen", row.labels(), row.at().getEpochSecond(), row.at()));
        disks(page, rows, seen.node());
        for (Traffic traffic : TRAFFIC) {
            String name = "container_network_" + traffic.name() + "_total";
            page.family(name, "counter", "Cumulative count of " + traffic.help());
            rows.forEach(row -> row.devices()
                    .forEach(device -> page.number(
                            name,
                            row.labels("interface", device.name()),
                            traffic.value().applyAsLong(device),
                            row.at())));
        }
        page.family("machine_cpu_cores", "gauge", "Number of logical CPU cores.");
        page.plain("machine_cpu_cores", "", seen.node().resources().cpus());
        page.family("machine_memory_bytes", "gauge", "Amount of memory installed on the machine.");
        page.plain("machine_memory_bytes", "", seen.node().resources().memoryBytes());
        page.family(
                "container_scrape_error",
                "gauge",
                "1 if there was an error while getting container metrics, 0 otherwise");
        page.plain("container_scrape_error", "", seen.failed() ? 1 : 0);
        return page.toString();
    }

    private static void disks(MetricsText page, List<Row> rows, Seen.NodeUsage node) {
        page.family("container_fs_usage_bytes", "gauge", "Number of bytes that are consumed by the container.");
        rows.forEach(row -> row.seen()
                .ifPresent(one -> page.number(
                        "container_fs_usage_bytes",
                        row.labels("device", ""),
                        one.usage().writableLayerBytes(),
                        row.at())));
        node.images().ifPresent(images -> {
            page.family("container_fs_limit_bytes", "gauge", "Number of bytes that can be consumed by the container.");
            rows.forEach(row -> row.seen()
                    .ifPresent(one -> page.number(
                            "container_fs_limit_bytes",
                            row.labels("device", ""),
                            images.room().bytes(),
                            row.at())));
        });
    }

    private static List<Row> rows(Seen.PodUsage pod) {
        var rows = new java.util.ArrayList<Row>();
        if (!pod.cgroup().isEmpty()) {
            rows.add(new Row(
                    pod.cgroup(),
                    "",
                    "",
                    "",
                    pod.pod().namespace(),
                    pod.pod().name(),
                    pod.figures(),
                    pod.at(),
                    Optional.empty(),
                    pod.devices()));
        }
        for (Seen.ContainerSeen one : pod.containers()) {
            rows.add(new Row(
                    one.cgroup(),
                    one.usage().name(),
                    one.image(),
                    one.usage().containerId(),
                    pod.pod().namespace(),
                    pod.pod().name(),
                    one.figures(),
                    one.usage().at(),
                    Optional.of(one),
                    List.of()));
        }
        return rows;
    }

    private static Figure gauge(String name, String help, ToLongFunction<Row> value) {
        return new Figure(name, "gauge", help, value);
    }

    private static Figure counter(String name, String help, ToLongFunction<Row> value) {
        return new Figure(name, "counter", help, value);
    }
}
