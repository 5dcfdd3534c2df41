package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.kubelet.shutdown.ShutdownOptions;
import io.vertikube.kubelet.shutdown.ShutdownPlan;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShutdownTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** A pod is {@code name:priority:grace}; the machine gives 30 s, 10 of them to critical pods. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "critical pods last,       a:0:5 b:2000000000:5,  a=5; b=5",
        "no more than there is,    a:0:60 b:2000000000:60, a=20; b=10",
        "together,                 a:0:5 b:9:6,           a=5 b=6",
        "only critical ones,       b:2000000001:5,        b=5",
        "none at all,              '',                    ''"
    })
    void order(String what, String pods, String expected) {
        List<Pod> all = Arrays.stream(pods.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.split(":"))
                .map(parts -> pod(parts[0], parts[1], parts[2]))
                .toList();
        var options = ShutdownOptions.of(Duration.ofSeconds(30), Duration.ofSeconds(10), false);
        assertThat(ShutdownPlan.of(options, all).stream()
                        .map(group -> group.pods().stream()
                                .map(pod -> pod.getMetadata().getName() + "=" + group.graceSeconds(pod))
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("; ")))
                .as(what)
                .isEqualTo(expected);
    }

    /** The lowest priority's time is for those below it too; each takes its own, those that have no pods take none. */
    @Test
    void everyPriorityHasItsOwnTime() {
        var options = new ShutdownOptions(
                Map.of(100, Duration.ofSeconds(7), 1000, Duration.ofSeconds(9), 5000, Duration.ofSeconds(3)), false);
        List<Pod> all = List.of(
                pod("d", "7000", "60"), pod("a", "0", "60"), pod("b", "999", "5"), pod("s", "2000000000", "60"));
        assertThat(ShutdownPlan.of(options, all).stream()
                        .map(group -> group.pods().stream()
                                .map(pod -> pod.getMetadata().getName() + "=" + group.graceSeconds(pod))
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("; ")))
                .isEqualTo("a=7 b=5; d=3 s=3");
    }

    @Test
    void criticalPartIsAPart() {
        assertThatThrownBy(() -> ShutdownOptions.of(Duration.ofSeconds(1), Duration.ofSeconds(2), false))
                .hasMessageContaining("--shutdown-grace-period-critical-pods");
    }

    @Test
    void podsEndWithTheMachineAndTheApiKnows(@TempDir Path folder) throws IOException {
        try (var cluster = new TestCluster(folder)) {
            var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
            var options = ShutdownOptions.of(Duration.ofSeconds(10), Duration.ofSeconds(5), true);
            KubeletService kubelet = cluster.kubelet(
                    cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a"))
                            .with(NodePolicies.NONE.with(options)),
                    new KeptRuntime(runtime));
            cluster.client.of(Pod.class).create(pod("web", "0", "1"));
            await().atMost(SOON)
                    .until(() -> cluster.pod("web").getStatus().getPhase().equals("Running"));
            kubelet.close();
            Pod ended = cluster.pod("web");
            assertThat(ended.getStatus().getPhase()).isEqualTo("Failed");
            assertThat(ended.getStatus().getReason()).isEqualTo("Terminated");
            assertThat(ended.getStatus().getMessage())
                    .isEqualTo("Pod was terminated in response to imminent node shutdown.");
            assertThat(ended.getStatus().getConditions())
                    .anySatisfy(condition -> assertThat(condition.getType()).isEqualTo("DisruptionTarget"));
            assertThat(runtime.containers(Map.of()))
                    .allSatisfy(
                            container -> assertThat(container.state().name()).isEqualTo("EXITED"));
            assertThat(cluster.client
                            .of(Node.class)
                            .get("", "node-a")
                            .getStatus()
                            .getConditions())
                    .anySatisfy(condition -> assertThat(condition.getMessage()).isEqualTo("node is shutting down"));
        }
    }

    private static Pod pod(String name, String priority, String grace) {
        return TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec:
                  nodeName: node-a
                  priority: %s
                  terminationGracePeriodSeconds: %s
                  containers: [{name: main, image: i}]
                """.formatted(name, priority, grace));
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }
}
