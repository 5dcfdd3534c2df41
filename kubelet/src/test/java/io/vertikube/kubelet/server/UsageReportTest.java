package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageReportTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:10Z");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");

    private static UsageReport.Seen seen(boolean failed) {
        Map<String, String> labels = Labels.of(new PodIdentity("n", "p", "u"));
        return new UsageReport.Seen(
                new UsageReport.NodeUsage(
                        "node", 3_000_000_000L, new Machine.Resources(2, 1000, 400, 5000, 1000, 99, 7), AT),
                failed
                        ? List.of()
                        : List.of(
                                new ContainerUsage("1", "a", labels, AT, 1_500_000_000L, 100, 10, 1),
                                new ContainerUsage("2", "b", labels, AT.plusMillis(5), 500_000_000L, 50, 20, 2)),
                Map.of("1", START),
                failed);
    }

    @Test
    void resourceMetricsHaveTheUsualNamesAndTimes() {
        assertThat(UsageReport.resourceMetrics(seen(false)).lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "container_cpu_usage_seconds_total{container=\"a\",namespace=\"n\",pod=\"p\"} 1.500000000"
                                + " 1767225610000",
                        "container_cpu_usage_seconds_total{container=\"b\",namespace=\"n\",pod=\"p\"} 0.500000000"
                                + " 1767225610005",
                        "container_memory_working_set_bytes{container=\"a\",namespace=\"n\",pod=\"p\"} 100 1767225610000",
                        "container_memory_working_set_bytes{container=\"b\",namespace=\"n\",pod=\"p\"} 50 1767225610005",
                        "container_start_time_seconds{container=\"a\",namespace=\"n\",pod=\"p\"} 1767225600.250"
                                + " 1767225610000",
                        "node_cpu_usage_seconds_total 3.000000000 1767225610000",
                        "node_memory_working_set_bytes 600 1767225610000",
                        "pod_cpu_usage_seconds_total{namespace=\"n\",pod=\"p\"} 2.000000000 1767225610005",
                        "pod_memory_working_set_bytes{namespace=\"n\",pod=\"p\"} 150 1767225610005",
                        "resource_scrape_error 0",
                        "scrape_error 0");
    }

    @Test
    void aRuntimeThatFailsIsAnErrorBesideTheNode() {
        assertThat(UsageReport.resourceMetrics(seen(true)).lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "node_cpu_usage_seconds_total 3.000000000 1767225610000",
                        "node_memory_working_set_bytes 600 1767225610000",
                        "resource_scrape_error 1",
                        "scrape_error 1");
    }

    @Test
    void cadvisorKnowsContainersByTheirIdsToo() {
        assertThat(UsageReport.cadvisorMetrics(seen(false)))
                .contains(
                        "container_memory_working_set_bytes{container=\"a\",name=\"1\",namespace=\"n\",pod=\"p\"} 100")
                .contains("machine_cpu_cores 2\n");
    }

    @Test
    void theSummarySumsContainers() {
        JsonNode summary = SummaryReport.of(seen(false));
        JsonNode pod = summary.path("pods").path(0);
        assertThat(pod.path("podRef").path("uid").asText()).isEqualTo("u");
        assertThat(pod.path("startTime").asText()).startsWith("2026-01-01T00:00:00");
        assertThat(pod.path("cpu").path("usageCoreNanoSeconds").asLong()).isEqualTo(2_000_000_000L);
        assertThat(pod.path("memory").path("workingSetBytes").asLong()).isEqualTo(150);
        assertThat(pod.path("ephemeral-storage").path("usedBytes").asLong()).isEqualTo(30);
        assertThat(summary.path("node").path("rlimit").path("curproc").asLong()).isEqualTo(7);
        assertThat(summary.path("node").path("fs").path("usedBytes").asLong()).isEqualTo(4000);
    }
}
