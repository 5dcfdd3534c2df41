package io.vertikube.kubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
        LinuxResources result = PodResources.of(
                pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of(), LimitPolicy.DEFAULT);
        assertThat(result.cpuShares()).isEqualTo(shares);
        assertThat(result.cpuQuota()).isEqualTo(quota);
        assertThat(result.memoryLimitBytes()).isEqualTo(memory);
        assertThat(result.oomScoreAdj()).isEqualTo(oomScore);
    }

    @Test
    void criticalPodsAreKilledLast() {
        Pod pod = pod("{}");
        pod.getSpec().setPriority(2_000_001_000);
        assertThat(PodResources.of(
                                pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of(), LimitPolicy.DEFAULT)
                        .oomScoreAdj())
                .isEqualTo(-997);
    }

    @ParameterizedTest
    @CsvSource({
        "true,100000,{cpu: 250m},25000,100000",
        "true,5000,{cpu: 2},10000,5000",
        "true,1000000,{cpu: 5m},5000,1000000",
        "true,1000,{cpu: 100m},1000,1000",
        "false,100000,{cpu: 250m},0,0",
        "true,5000,{memory: 1Gi},0,0",
    })
    void aLimitIsAQuotaOfThePeriodIfQuotasAreWanted(
            boolean quotas, long periodMicros, String limits, long quota, long period) {
        Pod pod = pod("{limits: " + limits + "}");
        var policy = new LimitPolicy(quotas, periodMicros, false, OptionalLong.empty());
        LinuxResources container =
                PodResources.of(pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of(), policy);
        assertThat(container.cpuQuota()).isEqualTo(quota);
        assertThat(container.cpuPeriod()).isEqualTo(period);
        assertThat(container.unified()).isEmpty();
        assertThat(PodResources.ofPod(pod, policy).cpuQuota()).isEqualTo(quota);
    }

    /** The machine has 8 GiB of memory and half as much swap. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{requests: {memory: 2Gi}}                                      | 0             | 1073741824",
                "{requests: {memory: 2Gi}, limits: {memory: 3Gi}}               | 0             | 1073741824",
                "{requests: {cpu: 1}}                                           | 0             | 0",
                "{requests: {cpu: 1, memory: 2Gi}, limits: {memory: 2Gi}}       | 0             | 0",
                "{limits: {cpu: 1, memory: 2Gi}}                                | 0             | 0",
                "{}                                                             | 0             | 0",
                "{requests: {memory: 2Gi}}                                      | 2000000000    | 0",
            })
    void whoMayUseMoreMemoryThanItAskedForSwapsInProportion(String resources, int priority, long swap) {
        Pod pod = pod(resources);
        pod.getSpec().setPriority(priority);
        assertThat(unified(pod, OptionalLong.of(CAPACITY / 2)))
                .containsOnly(Map.entry("memory.swap.max", Long.toString(swap)));
        assertThat(unified(pod, OptionalLong.of(0))).containsOnly(Map.entry("memory.swap.max", "0"));
        assertThat(unified(pod, OptionalLong.empty())).isEmpty();
    }

    @Test
    void processesOfAContainerAreKilledTogetherIfThatIsWanted() {
        Pod pod = pod("{}");
        var policy = new LimitPolicy(true, 100_000, true, OptionalLong.empty());
        assertThat(PodResources.of(pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of(), policy)
                        .unified())
                .containsOnly(Map.entry("memory.oom.group", "1"));
    }

    private static Map<String, String> unified(Pod pod, OptionalLong swap) {
        var policy = new LimitPolicy(true, 100_000, false, swap);
        return PodResources.of(pod, pod.getSpec().getContainers().getFirst(), CAPACITY, List.of(), policy)
                .unified();
    }

    @Test
    void cgroupsStandBelowTheirClass(@TempDir Path mount) throws IOException {
        Files.createDirectories(mount.resolve("cpu"));
        Files.createDirectories(mount.resolve("memory"));
        var cgroups = new PodCgroups(Optional.of("/node"), mount);
        assertThat(cgroups.parentOf("u", "Guaranteed")).isEqualTo("/node/kubepods/podu");
        assertThat(cgroups.parentOf("u", "BestEffort")).isEqualTo("/node/kubepods/besteffort/podu");
        cgroups.create(
                "u", "Burstable", PodResources.ofPod(pod("{limits: {cpu: 1, memory: 64Mi}}"), LimitPolicy.DEFAULT));
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
