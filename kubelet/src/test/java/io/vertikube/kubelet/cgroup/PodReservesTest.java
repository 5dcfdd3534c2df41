package io.vertikube.kubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.TestPods;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod's cgroup reserves and limits as a whole: whatever runs at once, while it starts too. */
final class PodReservesTest {

    /** Each of the columns is large pages in Mi and memory in Mi; {@code -} is no such container. */
    @ParameterizedTest(name = "init {0}, sidecar {1}, init after it {2}, own {3} and {4}, the pod itself {5}")
    @CsvSource({
        "-,   -,  -,    4 8,  2 1, -,    6,  9",
        "8 1, -,  -,    4 8,  2 1, -,    8,  9",
        "-,   2 3, -,   4 8,  -,   -,    6, 11",
        "-,   2 3, 6 2, 4 8,  -,   -,    8, 11",
        "8 0, 2 3, -,   4 8,  -,   -,    8, 11",
        "8 0, 2 3, -,   4 8,  -,   10 9, 10, 9"
    })
    void whatRunsAtOnceCounts(
            String init, String sidecar, String after, String own, String other, String pod, long pages, long memory) {
        var reserves = PodReserves.of(TestPods.parse("""
                metadata: {name: p, uid: u}
                spec:
                  initContainers: [%s]
                  containers: [%s]
                  resources: {%s}
                """.formatted(
                joined(container(init, ""), container(sidecar, "restartPolicy: Always, "), container(after, "")),
                joined(container(own, ""), container(other, "")),
                resources(pod))));
        assertThat(reserves.hugepages()).isEqualTo(Map.of("2MB", pages << 20));
        assertThat(reserves.memoryRequest()).isEqualTo(memory << 20);
    }

    private static String joined(String... containers) {
        return String.join(
                ", ",
                java.util.Arrays.stream(containers)
                        .filter(one -> !one.isEmpty())
                        .toList());
    }

    private static String container(String amounts, String more) {
        return amounts.equals("-") ? "" : "{name: c, image: i, " + more + "resources: {" + resources(amounts) + "}}";
    }

    private static String resources(String amounts) {
        if (amounts.equals("-")) {
            return "";
        }
        String[] parts = amounts.split(" ");
        return "limits: {hugepages-2Mi: %sMi}, requests: {memory: %sMi}".formatted(parts[0], parts[1]);
    }
}
