package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that somebody bound to a node which has no room for them, on simulated containers. */
class NodeAdmissionTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestCluster cluster;
    private KubeletService kubelet;
    private KubeletOptions options;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        options = cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a"));
        kubelet = cluster.kubelet(options);
        await().atMost(SOON).until(kubelet::nodeReady);
        await().atMost(SOON).ignoreExceptions().until(() -> cpus() > 0);
    }

    @AfterEach
    void stop() {
        var pods = cluster.client.of(Pod.class);
        pods.list("default", ListOptions.all())
                .items()
                .forEach(pod -> pods.delete("default", pod.getMetadata().getName()));
        await().atMost(SOON)
                .until(() -> pods.list("default", ListOptions.all()).items().isEmpty());
        kubelet.close();
        cluster.close();
    }

    @Test
    void aPodWithoutRoomFailsAndSaysWhyAndLeavesOthersAlone() {
        long all = cpus() * 1000;
        create("first", (all - 500) + "m", "nodeName: node-a");
        await().atMost(SOON).until(() -> phase("first").equals("Running"));
        create("second", "600m", "nodeName: node-a");
        await().atMost(SOON).until(() -> phase("second").equals("Failed"));
        Pod refused = cluster.pod("second");
        String message =
                "Node didn't have enough resource: cpu, requested: 600, used: " + (all - 500) + ", capacity: " + all;
        assertThat(refused.getStatus().getReason()).isEqualTo("OutOfcpu");
        assertThat(refused.getStatus().getMessage()).isEqualTo("Pod was rejected: " + message);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(event("second", "OutOfcpu")).isEqualTo(message));
        create("third", "500m", "nodeName: node-a");
        await().atMost(SOON).until(() -> phase("third").equals("Running"));
        create("elsewhere", "0", "nodeName: node-a, nodeSelector: {disk: fast}");
        await().atMost(SOON).until(() -> phase("elsewhere").equals("Failed"));
        assertThat(cluster.pod("elsewhere").getStatus().getReason()).isEqualTo("NodeAffinity");
        assertThat(phase("first")).isEqualTo("Running");
    }

    @Test
    void whatRunsCountsAfterTheKubeletStartedAgain() throws IOException {
        create("first", (cpus() * 1000 - 500) + "m", "nodeName: node-a");
        await().atMost(SOON).until(() -> phase("first").equals("Running"));
        kubelet.close();
        create("second", "600m", "nodeName: node-a");
        kubelet = cluster.kubelet(options);
        await().atMost(SOON).until(() -> phase("second").equals("Failed"));
        assertThat(cluster.pod("second").getStatus().getReason()).isEqualTo("OutOfcpu");
    }

    @Test
    void aCriticalPodTakesThePlaceOfAnother() {
        create("first", (cpus() * 1000 - 500) + "m", "nodeName: node-a");
        await().atMost(SOON).until(() -> phase("first").equals("Running"));
        create("needed", "600m", "nodeName: node-a, priorityClassName: system-node-critical");
        await().atMost(SOON).until(() -> phase("needed").equals("Running"));
        await().atMost(SOON).until(() -> phase("first").equals("Failed"));
        assertThat(cluster.pod("first").getStatus().getReason()).isEqualTo("Preempting");
        assertThat(cluster.pod("first").getStatus().getMessage()).isEqualTo("Preempted in order to admit critical pod");
    }

    private void create(String name, String cpu, String spec) {
        cluster.client.of(Pod.class).create(TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec: {terminationGracePeriodSeconds: 1, containers: [{name: main, image: i, resources: {requests: {cpu: %s}}}], %s}
                """.formatted(name, cpu, spec)));
    }

    private long cpus() {
        return Long.parseLong(cluster.client
                .of(Node.class)
                .get("", "node-a")
                .getStatus()
                .getAllocatable()
                .get("cpu")
                .getAmount());
    }

    private String phase(String pod) {
        String phase = cluster.pod(pod).getStatus().getPhase();
        return phase == null ? "" : phase;
    }

    private String event(String pod, String reason) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod)
                        && event.getReason().equals(reason))
                .map(Event::getMessage)
                .findFirst()
                .orElse("");
    }
}
