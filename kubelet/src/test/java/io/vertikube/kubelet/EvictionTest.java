package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.eviction.EvictionOptions;
import io.vertikube.kubelet.eviction.Observation;
import io.vertikube.kubelet.eviction.Signal;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose memory is what the test says, against a real API server, with simulated containers. */
class EvictionTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long MI = 1L << 20;

    @TempDir
    Path folder;

    private final AtomicLong available = new AtomicLong(4096 * MI);
    private TestCluster cluster;
    private KubeletService kubelet;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        var eviction = new EvictionOptions(
                EvictionOptions.thresholds(Map.of("memory.available", "100Mi"), Map.of(), Map.of(), Map.of()),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofMillis(200));
        kubelet = KubeletService.start(
                cluster.vertx,
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a"))
                        .with(NodePolicies.NONE.with(eviction)),
                new SimpleMeterRegistry(),
                new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24")),
                Optional.of(() -> Map.of(Signal.MEMORY_AVAILABLE, new Observation(available.get(), 8192 * MI))));
        await().atMost(SOON).until(kubelet::nodeReady);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        cluster.close();
    }

    @Test
    void podThatUsesMostBeyondItsRequestGoesAndNoneLikeItIsTaken() {
        create("hog", "simulated.vertikube.io/memory: 900Mi", "{}");
        create("modest", "simulated.vertikube.io/memory: 90Mi", "{requests: {memory: 100Mi}}");
        await().atMost(SOON).until(() -> isReady("hog") && isReady("modest"));
        assertThat(pressure()).isEqualTo("False KubeletHasSufficientMemory");

        available.set(51 * MI);
        await().atMost(SOON).until(() -> phase("hog").equals("Failed"));
        Pod hog = cluster.pod("hog");
        assertThat(hog.getStatus().getReason()).isEqualTo("Evicted");
        assertThat(hog.getStatus().getMessage())
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 51Mi. "
                        + "Container main was using 900Mi, request is 0, has larger consumption of memory. ");
        PodCondition disruption = hog.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("DisruptionTarget"))
                .findFirst()
                .orElseThrow();
        assertThat(disruption.getReason()).isEqualTo("TerminationByKubelet");
        available.set(200 * MI);
        await().atMost(SOON).untilAsserted(() -> assertThat(eventReasons("hog")).contains("Evicted"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(eventReasons("node-a"))
                        .contains("EvictionThresholdMet", "NodeHasInsufficientMemory"));
        await().atMost(SOON).until(() -> pressure().equals("False KubeletHasSufficientMemory"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(eventReasons("node-a")).contains("NodeHasSufficientMemory"));
    }

    @Test
    void nodeUnderPressureRefusesPodsWithoutRequests() {
        available.set(51 * MI);
        await().atMost(SOON).until(() -> pressure().equals("True KubeletHasInsufficientMemory"));
        create("late", "a: b", "{}");
        await().atMost(SOON).until(() -> phase("late").equals("Failed"));
        assertThat(cluster.pod("late").getStatus().getReason()).isEqualTo("Evicted");
        assertThat(cluster.pod("late").getStatus().getMessage())
                .isEqualTo("Pod was rejected: The node had condition: [MemoryPressure]. ");
    }

    @Test
    void podThatFillsItsEmptyDirGoes() throws IOException {
        cluster.client.of(Pod.class).create(parse("""
                metadata: {name: full, namespace: default}
                spec:
                  nodeName: node-a
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: scratch, emptyDir: {sizeLimit: 1Mi}}]
                  containers: [{name: main, image: i, volumeMounts: [{name: scratch, mountPath: /s}]}]
                """));
        await().atMost(SOON).until(() -> isReady("full"));
        Files.write(
                folder.resolve("a/pods/" + cluster.pod("full").getMetadata().getUid()
                        + "/volumes/kubernetes.io~empty-dir/scratch/file"),
                new byte[2 << 20]);
        await().atMost(SOON).until(() -> phase("full").equals("Failed"));
        assertThat(cluster.pod("full").getStatus().getMessage())
                .isEqualTo("Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Mi\". ");
    }

    private void create(String name, String annotation, String resources) {
        cluster.client.of(Pod.class).create(parse("""
                metadata: {name: %s, namespace: default, annotations: {"%s"}}
                spec:
                  nodeName: node-a
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: i, resources: %s}]
                """.formatted(name, annotation.replace(": ", "\": \""), resources)));
    }

    private static Pod parse(String yaml) {
        Pod pod = TestPods.parse(yaml);
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        return pod;
    }

    private String phase(String pod) {
        return cluster.pod(pod).getStatus().getPhase();
    }

    private boolean isReady(String pod) {
        return cluster.pod(pod).getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private String pressure() {
        return cluster.client.of(Node.class).get("", "node-a").getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("MemoryPressure"))
                .map(condition -> condition.getStatus() + " " + condition.getReason())
                .findFirst()
                .orElseThrow();
    }

    private List<String> eventReasons(String about) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> about.equals(event.getInvolvedObject().getName()))
                .map(Event::getReason)
                .toList();
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }
}
