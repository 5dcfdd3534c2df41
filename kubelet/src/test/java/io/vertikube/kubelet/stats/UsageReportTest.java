package io.vertikube.kubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.kubelet.cgroup.CgroupFigures;
import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.kernel.FolderUse;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageReportTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:10Z");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");
    private static final PodIdentity POD = new PodIdentity("n", "p", "u");
    private static final Map<String, String> LABELS = Labels.of(POD);

    private static Seen seen(String cgroup, CgroupFigures whole) {
        var node = new Seen.NodeUsage(
                "node",
                AT,
                3_000_000_000L,
                new Machine.Resources(2, 1000, 400, 5000, 1000, 99, 7, Map.of()),
                Optional.of(new FileSystems.Room(5000, 1000, 100, 40)),
                Optional.of(new Seen.Images(new FileSystems.Room(8000, 2000, 200, 50), 333, 44)),
                List.of(),
                List.of());
        var containers = List.of(
                new Seen.ContainerSeen(
                        new ContainerUsage("1", "a", LABELS, AT, 1_500_000_000L, 100, 10, 1),
                        Optional.of(START),
                        "image-a",
                        cgroup.isEmpty() ? "" : cgroup + "/1",
                        250_000_000,
                        CgroupFigures.NONE,
                        new FolderUse(5, 1)),
                new Seen.ContainerSeen(
                        new ContainerUsage("2", "b", LABELS, AT.plusMillis(5), 500_000_000L, 50, 20, 2),
                        Optional.empty(),
                        "image-b",
                        cgroup.isEmpty() ? "" : cgroup + "/2",
                        50_000_000,
                        CgroupFigures.NONE,
                        FolderUse.NOTHING));
        var eth0 = new NetworkDevice(
                "eth0", new NetworkDevice.Direction(11, 1, 0, 0), new NetworkDevice.Direction(22, 2, 3, 4));
        var volumes = List.of(
                new VolumeFigures(
                        "scratch",
                        Optional.empty(),
                        true,
                        AT,
                        new VolumeFigures.Amount(5000, 70, 1000),
                        new VolumeFigures.Amount(100, 3, 40),
                        Optional.empty()),
                new VolumeFigures(
                        "data",
                        Optional.of("claim"),
                        false,
                        AT,
                        new VolumeFigures.Amount(900, 600, 300),
                        new VolumeFigures.Amount(-1, -1, -1),
                        Optional.of("a disk fails")));
        var pod = new Seen.PodUsage(
                POD, Optional.of(START), cgroup, whole, containers, List.of(eth0), volumes, AT.plusMillis(5));
        return new Seen(node, List.of(pod), false);
    }

    private static Seen plain() {
        return seen("", CgroupFigures.NONE);
    }

    @Test
    void resourceMetricsHaveTheUsualNamesAndTimes() {
        assertThat(ResourceMetrics.of(plain()).lines().filter(line -> !line.startsWith("#")))
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
        assertThat(ResourceMetrics.of(new Seen(plain().node(), List.of(), true))
                        .lines()
                        .filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "node_cpu_usage_seconds_total 3.000000000 1767225610000",
                        "node_memory_working_set_bytes 600 1767225610000",
                        "resource_scrape_error 1",
                        "scrape_error 1");
    }

    /** Containers that were started again would make a sum go down. */
    @Test
    void aPodsOwnCgroupGoesBeforeTheSumOfItsContainers() {
        var whole = new CgroupFigures(
                new CgroupFigures.Cpu(9_000_000_000L, -1, -1, -1, -1, -1),
                new CgroupFigures.Memory(500, 400, 300, 100, -1, 1000, 7, 1, 0),
                new CgroupFigures.Tasks(3, 4));
        Seen seen = seen("/k/podu", whole);
        assertThat(ResourceMetrics.of(seen))
                .contains("pod_cpu_usage_seconds_total{namespace=\"n\",pod=\"p\"} 9.000000000")
                .contains("pod_memory_working_set_bytes{namespace=\"n\",pod=\"p\"} 400 ");
        assertThat(CadvisorMetrics.of(seen))
                .contains(
                        "container_cpu_usage_seconds_total{cpu=\"total\",container=\"\",id=\"/k/podu\",image=\"\",name=\"\","
                                + "namespace=\"n\",pod=\"p\"} 9.000000000")
                .contains(
                        "container_processes{container=\"\",id=\"/k/podu\",image=\"\",name=\"\",namespace=\"n\",pod=\"p\"} 3 ")
                .contains(
                        "container_network_transmit_bytes_total{interface=\"eth0\",container=\"\",id=\"/k/podu\",image=\"\","
                                + "name=\"\",namespace=\"n\",pod=\"p\"} 22 ")
                .contains(
                        "container_network_transmit_packets_dropped_total{interface=\"eth0\",container=\"\",id=\"/k/podu\","
                                + "image=\"\",name=\"\",namespace=\"n\",pod=\"p\"} 4 ");
    }

    @Test
    void cadvisorKnowsContainersByTheirIdsToo() {
        assertThat(CadvisorMetrics.of(plain()))
                .contains("container_memory_working_set_bytes{container=\"a\",id=\"\",image=\"image-a\",name=\"1\","
                        + "namespace=\"n\",pod=\"p\"} 100")
                .contains("machine_cpu_cores 2\n")
                .contains("container_scrape_error 0\n");
    }

    @Test
    void theSummarySumsContainers() {
        JsonNode summary = SummaryReport.of(plain());
        JsonNode pod = summary.path("pods").path(0);
        assertThat(pod.at("/podRef/uid").asText()).isEqualTo("u");
        assertThat(pod.path("startTime").asText()).startsWith("2026-01-01T00:00:00");
        assertThat(pod.at("/cpu/usageCoreNanoSeconds").asLong()).isEqualTo(2_000_000_000L);
        assertThat(pod.at("/cpu/usageNanoCores").asLong()).isEqualTo(300_000_000L);
        assertThat(pod.at("/memory/workingSetBytes").asLong()).isEqualTo(150);
        assertThat(pod.at("/ephemeral-storage/usedBytes").asLong()).isEqualTo(10 + 20 + 5 + 70);
        assertThat(pod.at("/network/txBytes").asLong()).isEqualTo(22);
        assertThat(pod.at("/network/interfaces/0/name").asText()).isEqualTo("eth0");
        assertThat(summary.at("/node/rlimit/curproc").asLong()).isEqualTo(7);
        assertThat(summary.at("/node/fs/usedBytes").asLong()).isEqualTo(4000);
        assertThat(summary.at("/node/fs/inodesUsed").asLong()).isEqualTo(60);
        assertThat(summary.at("/node/runtime/imageFs/usedBytes").asLong()).isEqualTo(333);
    }

    @Test
    void volumesTellTheirClaimAndLeaveOutWhatIsNotMeasured() {
        JsonNode volumes = SummaryReport.of(plain()).at("/pods/0/volume");
        assertThat(volumes.at("/0/usedBytes").asLong()).isEqualTo(70);
        assertThat(volumes.at("/0/pvcRef").isMissingNode()).isTrue();
        assertThat(volumes.at("/1/pvcRef/name").asText()).isEqualTo("claim");
        assertThat(volumes.at("/1/inodes").isMissingNode()).isTrue();
        assertThat(volumes.at("/1/volumeHealthStats/abnormal").asBoolean()).isTrue();
        assertThat(VolumeMetrics.of(plain().pods()).lines().filter(line -> !line.startsWith("#")))
                .containsExactly(
                        "kubelet_volume_stats_available_bytes{namespace=\"n\",persistentvolumeclaim=\"claim\"} 300",
                        "kubelet_volume_stats_capacity_bytes{namespace=\"n\",persistentvolumeclaim=\"claim\"} 900",
                        "kubelet_volume_stats_health_status_abnormal{namespace=\"n\",persistentvolumeclaim=\"claim\"} 1",
                        "kubelet_volume_stats_used_bytes{namespace=\"n\",persistentvolumeclaim=\"claim\"} 600");
    }

    @Test
    void devicesAreReadAsTheKernelWritesThem() {
        assertThat(NetworkDevice.parse(List.of(
                        "Inter-|   Receive                                                |  Transmit",
                        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop",
                        "    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0",
                        "  eth0: 1090 13 5 6 0 0 0 0 2706 17 7 8 0 0 0 0")))
                .containsExactly(new NetworkDevice(
                        "eth0",
                        new NetworkDevice.Direction(1090, 13, 5, 6),
                        new NetworkDevice.Direction(2706, 17, 7, 8)));
    }
}
