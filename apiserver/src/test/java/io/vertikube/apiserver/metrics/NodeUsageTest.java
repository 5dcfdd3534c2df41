package io.vertikube.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeUsageTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    private static final String PAGE = """
            # HELP node_cpu_usage_seconds_total x
            # TYPE node_cpu_usage_seconds_total counter
            node_cpu_usage_seconds_total 12.5 1767225655000
            node_memory_working_set_bytes 1.048576e+06 1767225655000
            container_cpu_usage_seconds_total{container="c",namespace="n",pod="p"} 1.5 1767225655000
            container_memory_working_set_bytes{container="c",namespace="n",pod="p"} 2048 1767225655000
            container_start_time_seconds{container="c",namespace="n",pod="p"} 1.7672256e+09
            container_cpu_usage_seconds_total{container="half",namespace="n",pod="q"} 1.5
            container_cpu_usage_seconds_total{container="a\\"}",namespace="n",pod="r"} 1
            container_memory_working_set_bytes{container="a\\"}",namespace="n",pod="r"} 1
            container_cpu_usage_seconds_total{container="broken
            scrape_error 0
            nonsense
            """;

    @Test
    void aPageIsRead() {
        NodeSample sample = NodeSample.of(PAGE, NOW);
        Instant at = Instant.ofEpochMilli(1767225655000L);
        assertThat(sample.node()).isEqualTo(new Point(at, 12_500_000_000L, 1048576, null));
        assertThat(sample.pods().get("n/p"))
                .containsEntry("c", new Point(at, 1_500_000_000L, 2048, Instant.ofEpochSecond(1767225600)));
    }

    @Test
    void aPodWithAContainerThatLacksAFigureIsLeftOut() {
        assertThat(NodeSample.of(PAGE, NOW).pods()).containsOnlyKeys("n/p", "n/r");
        assertThat(NodeSample.of(PAGE, NOW).pods().get("n/r")).containsOnlyKeys("a\"}");
    }

    /** Seconds, CPU seconds, and the start of the container; what is not known is -1. */
    @ParameterizedTest
    @CsvSource({
        // earlier at, its cpu, later at, its cpu, started at, window, milli-cores
        "0, 10, 15, 25, -1, 15, 1000",
        "0, 10, 15, 10, -1, 15, 0",
        "0, 10, 15, 10.015, -1, 15, 1",
        // The counter began again, or the container did: only its own life counts.
        "0, 10, 15, 3, -1, -1, -1",
        "0, 10, 15, 11, 3, 12, 917",
        "0, 10, 15, 11, 8, -1, -1",
        // Seen once: its life counts if it is between ten seconds and a minute long.
        "-1, 0, 40, 20, 0, 40, 500",
        "-1, 0, 9, 3, 0, -1, -1",
        "-1, 0, 61, 3, 0, -1, -1",
        "-1, 0, 61, 3, -1, -1, -1",
        // The same figures again tell nothing.
        "15, 10, 15, 10, -1, -1, -1",
    })
    void usageIsARate(
            double earlier, double before, double later, double cpu, double started, long window, long milliCores) {
        Point was = earlier < 0 ? null : point(earlier, before, -1);
        Usage usage = point(later, cpu, started).since(was);
        if (window < 0) {
            assertThat(usage).isNull();
        } else {
            assertThat(usage).isNotNull();
            assertThat(usage.window()).isEqualTo(Duration.ofSeconds(window));
            assertThat(Math.round(usage.nanoCores() / 1e6)).isEqualTo(milliCores);
            assertThat(usage.memoryBytes()).isEqualTo(7);
        }
    }

    private static Point point(double at, double cpu, double started) {
        return new Point(
                NOW.plusMillis(Math.round(at * 1000)),
                Math.round(cpu * 1e9),
                7,
                started < 0 ? null : NOW.plusMillis(Math.round(started * 1000)));
    }

    @Test
    void figuresThatTheKubeletHasNotRenewedKeepTheEarlierLook() {
        NodeSample one = sample("1 1000");
        NodeSample two = sample("2 2000");
        NodeUsage usage = NodeUsage.after(NodeUsage.after(NodeUsage.after(null, one), two), two);
        assertThat(usage.node())
                .hasValueSatisfying(u -> assertThat(u.nanoCores()).isEqualTo(1_000_000_000));
    }

    private static NodeSample sample(String value) {
        return NodeSample.of(
                "node_cpu_usage_seconds_total " + value + "\nnode_memory_working_set_bytes " + value + "\n", NOW);
    }
}
