package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Running pods get other resources, against a real API server, with simulated containers. */
class ResizeTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestCluster cluster;
    private SimulatedRuntime runtime;
    private KubeletService kubelet;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        kubelet = startKubelet();
        Pod pod = TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: default}
                spec:
                  nodeName: node-a
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: i
                    resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
                    resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m, memory: 128Mi}}
                """);
        cluster.client.of(Pod.class).create(pod);
        await().atMost(SOON)
                .until(() -> cluster.pod("web").getStatus().getPhase().equals("Running"));
    }

    @AfterEach
    void stop() {
        kubelet.close();
        cluster.close();
    }

    @Test
    void runningContainerGetsMoreProcessorAndIsNotRestarted() {
        String id = id();
        resize("{requests: {cpu: 200m}, limits: {cpu: 400m}}");
        await().atMost(SOON).until(() -> given("cpu").equals("400m"));
        assertThat(id()).isEqualTo(id);
        assertThat(runtime.resources(id).cpuQuota()).isEqualTo(40_000);
        assertThat(status().getAllocatedResources().get("cpu")).hasToString("200m");
        await().atMost(SOON).until(() -> condition("PodResizeInProgress").isEmpty());
        assertThat(cluster.pod("web").getStatus().getQosClass()).isEqualTo("Burstable");
    }

    @Test
    void containerThatAsksForItIsRestarted() {
        String id = id();
        resize("{limits: {memory: 256Mi}}");
        await().atMost(SOON).until(() -> given("memory").equals("256Mi") && status().getRestartCount() == 1);
        assertThat(id()).isNotEqualTo(id);
        assertThat(runtime.resources(id()).memoryLimitBytes()).isEqualTo(256L << 20);
    }

    @Test
    void whatTheNodeNeverHasIsInfeasibleAndTakenBackIsForgotten() {
        resize("{requests: {cpu: 1000}, limits: {cpu: 1000}}");
        await().atMost(SOON).until(() -> condition("PodResizePending").isPresent());
        assertThat(condition("PodResizePending").orElseThrow().getReason()).isEqualTo("Infeasible");
        assertThat(condition("PodResizePending").orElseThrow().getMessage())
                .startsWith("Node didn't have enough capacity: cpu, requested: 1000000, capacity: ");
        assertThat(given("cpu")).isEqualTo("200m");
        resize("{requests: {cpu: 100m}, limits: {cpu: 200m}}");
        await().atMost(SOON).until(() -> condition("PodResizePending").isEmpty());
    }

    @Test
    void resizedPodKeepsWhatItHasWhenTheKubeletRestarts() throws IOException {
        resize("{requests: {cpu: 150m}}");
        await().atMost(SOON)
                .until(() ->
                        status().getAllocatedResources().get("cpu").toString().equals("150m"));
        await().atMost(SOON).until(() -> condition("PodResizeInProgress").isEmpty());
        String id = id();
        kubelet.close();
        kubelet = startKubelet();
        await().atMost(SOON).until(kubelet::nodeReady);
        resize("{limits: {cpu: 300m}}");
        await().atMost(SOON).until(() -> given("cpu").equals("300m"));
        assertThat(status().getAllocatedResources().get("cpu")).hasToString("150m");
        assertThat(id()).isEqualTo(id);
    }

    private KubeletService startKubelet() throws IOException {
        return cluster.kubelet(
                cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")), new KeptRuntime(runtime));
    }

    private void resize(String resources) {
        String json = resources
                .replaceAll("([a-z]+):", "\"$1\":")
                .replaceAll(": ([0-9][0-9a-zA-Z]*)", ": \"$1\"")
                .replace("\\\"", "\"");
        cluster.client.raw(
                "PATCH",
                "/api/v1/namespaces/default/pods/web/resize",
                "application/strategic-merge-patch+json",
                ("{\"spec\": {\"containers\": [{\"name\": \"main\", \"resources\": " + json + "}]}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private ContainerStatus status() {
        return cluster.pod("web").getStatus().getContainerStatuses().getFirst();
    }

    private String given(String resource) {
        return status().getResources().getLimits().get(resource).toString();
    }

    private String id() {
        String id = status().getContainerID();
        return id.substring(id.indexOf("://") + 3);
    }

    private Optional<PodCondition> condition(String type) {
        List<PodCondition> all = cluster.pod("web").getStatus().getConditions();
        return all.stream().filter(one -> one.getType().equals(type)).findFirst();
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }
}
