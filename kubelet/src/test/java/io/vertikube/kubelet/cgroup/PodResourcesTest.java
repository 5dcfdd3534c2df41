package io.vertikube.kubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodResourcesTest {

    private static final long CAPACITY = 8L << 30;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                       | BestEffort | 2    | 0      | 0         | 1000",
                "{requests: {cpu: 500m}}                                                  | Burstable  | 512  | 0      | 0         | 999",
                "{limits: {cpu: 250m}}                                                    | Burstable  | 256  | 25000  | 0         | 999",
                "{requests: {memory: 4Gi}}                                                | Burstable  | 2    | 0      | 0         | 500",
                "{requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}         | Guaranteed | 1024 | 100000 | 1073741824| -997",
                "{requests: {cpu: 1m}, limits: {cpu: 1m}}                                 | Burstable  | 2    | 1000   | 0         | 999"
            })
    void resourcesBecomeNumbers(String resources, String qos, long shares, long quota, long memory, int oomScore) {
        Pod pod = pod(resources);
        assertThat(PodResources.qosClass(pod)).isEqualTo(qos);
        LinuxResources result =
                PodResources.of(pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of());
        assertThat(result.cpuShares()).isEqualTo(shares);
        assertThat(result.cpuQuota()).isEqualTo(quota);
        assertThat(result.memoryLimitBytes()).isEqualTo(memory);
        assertThat(result.oomScoreAdj()).isEqualTo(oomScore);
    }

    @Test
    void criticalPodsAreKilledLast() {
        Pod pod = pod("{}");
        pod.getSpec().setPriority(2_000_001_000);
        assertThat(PodResources.of(pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of())
                        .oomScoreAdj())
                .isEqualTo(-997);
    }

    @Test
    void cgroupsStandBelowTheirClass(@TempDir Path mount) throws IOException {
        Files.createDirectories(mount.resolve("cpu"));
        Files.createDirectories(mount.resolve("memory"));
        var cgroups = new PodCgroups(Optional.of("/node"), mount);
        assertThat(cgroups.parentOf("u", "Guaranteed")).isEqualTo("/node/kubepods/podu");
        assertThat(cgroups.parentOf("u", "BestEffort")).isEqualTo("/node/kubepods/besteffort/podu");
        cgroups.create("u", "Burstable", PodResources.ofPod(pod("{limits: {cpu: 1, memory: 64Mi}}")));
        assertThat(mount.resolve("cpu/node/kubepods/burstable/podu")).isDirectory();
        assertThat(cgroups.podUids()).containsExactly("u");
        cgroups.remove("u");
        assertThat(mount.resolve("cpu/node/kubepods/burstable/podu")).doesNotExist();
        assertThat(new PodCgroups(Optional.empty(), mount).parentOf("u", "Burstable"))
                .isEmpty();
    }

    private static Pod pod(String resources) {
        return TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  containers: [{name: c, image: i, resources: %s}]
                """.formatted(resources));
    }
}
