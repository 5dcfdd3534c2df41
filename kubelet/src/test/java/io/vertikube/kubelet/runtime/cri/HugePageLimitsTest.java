package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.cgroup.LimitPolicy;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.runtime.LinuxResources;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a runtime is told of a container's large pages, a limit for every size that the machine has, and of cgroup v2. */
final class HugePageLimitsTest {

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "2Mi 1Gi      | {}                                                    | 1GB=0 2MB=0",
                "2Mi 1Gi      | {limits: {hugepages-2Mi: 4Mi}}                        | 1GB=0 2MB=4194304",
                "2Mi 1Gi      | {limits: {hugepages-1Gi: 1Gi, hugepages-2Mi: 2Mi}}    | 1GB=1073741824 2MB=2097152",
                "2Mi          | {limits: {hugepages-1Gi: 1Gi}}                        | 2MB=0",
                "64Ki 2Mi     | {limits: {hugepages-64Ki: 128Ki, memory: 1Gi}}        | 2MB=0 64KB=131072",
                "-            | {limits: {hugepages-2Mi: 4Mi}}                        | -"
            })
    void eachSizeOfTheMachineHasALimit(@Nullable String sizes, String resources, @Nullable String told) {
        Pod pod = TestPods.parse("""
                metadata: {name: p, namespace: n, uid: u}
                spec:
                  containers: [{name: c, image: i, resources: %s}]
                """.formatted(resources));
        List<String> known = sizes == null ? List.of() : Arrays.asList(sizes.split(" "));
        var limits =
                PodResources.of(pod, pod.getSpec().getContainers().getFirst(), 1L << 33, known, LimitPolicy.DEFAULT);
        assertThat(ToCri.resources(limits).getHugepageLimitsList().stream()
                        .map(limit -> limit.getPageSize() + "=" + limit.getLimit())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(told == null ? "" : told);
    }

    @Test
    void whatOnlyVersion2OfCgroupsHasIsSaidByFile() {
        var unified = new TreeMap<>(Map.of("memory.oom.group", "1", "memory.swap.max", "0"));
        var limits = new LinuxResources(0, 0, 2, 0, 0, new TreeMap<>(), unified);
        assertThat(ToCri.resources(limits).getUnifiedMap()).isEqualTo(unified);
    }
}
