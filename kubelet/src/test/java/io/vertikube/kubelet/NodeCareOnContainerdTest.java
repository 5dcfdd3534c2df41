package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.eviction.MachineSignals;
import io.vertikube.kubelet.eviction.Signal;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.images.ImageCollection;
import io.vertikube.kubelet.images.PullRecords;
import io.vertikube.kubelet.manifests.ManifestOptions;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.Containerd;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does of its own accord, on a real containerd: static pods, resizing, images that stay. */
class NodeCareOnContainerdTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NODE = "node-d";

    @TempDir
    static Path folder;

    private static ContainerdCluster machine;
    private static Path manifests;

    @BeforeAll
    static void start() throws Exception {
        machine = ContainerdCluster.start(4, folder);
        manifests = Files.createDirectory(folder.resolve("manifests"));
        machine.kubelet(machine.options(
                NODE, folder.resolve("kubelet"), NodePolicies.NONE.with(ManifestOptions.NONE.with(manifests))));
    }

    @AfterAll
    static void stop() throws Exception {
        if (machine != null) {
            try {
                Files.deleteIfExists(manifests.resolve("web.yaml"));
                machine.remove("sized", "measured", "short");
                await().atMost(SOON).until(() -> machine.api.find("web-" + NODE).isEmpty());
                await().atMost(SOON)
                        .untilAsserted(
                                () -> assertThat(folder.resolve("kubelet/pods")).isEmptyDirectory());
            } finally {
                machine.close();
            }
        }
    }

    @Test
    void staticPodRunsAndItsMirrorComesBack() throws Exception {
        Files.writeString(manifests.resolve("web.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: %s, imagePullPolicy: IfNotPresent, command: [sleep, "100000"]}]
                """.formatted(Containerd.IMAGE));
        String name = "web-" + NODE;
        awaitRunning(name);
        String container = status(name).getContainerID();
        String mirror = machine.api.pod(name).getMetadata().getUid();
        machine.api.client.of(Pod.class).delete("default", name);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> !machine.api.pod(name).getMetadata().getUid().equals(mirror));
        awaitRunning(name);
        assertThat(status(name).getContainerID()).isEqualTo(container);
    }

    @Test
    void resizeReachesTheKernelAndUsedImagesStay() throws Exception {
        Pod pod = TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: sized, namespace: default}
                spec:
                  nodeName: %s
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: [sleep, "100000"]
                    resources: {requests: {cpu: 50m, memory: 32Mi}, limits: {cpu: 200m, memory: 64Mi}}
                """.formatted(NODE, Containerd.IMAGE));
        machine.api.client.of(Pod.class).create(pod);
        awaitRunning("sized");
        String uid = machine.api.pod("sized").getMetadata().getUid();
        String id = status("sized").getContainerID().replaceFirst(".*://", "");
        Path cgroup = Path.of("/sys/fs/cgroup/cpu", NODE, "kubepods/burstable", "pod" + uid);
        assertThat(Files.readString(cgroup.resolve(id).resolve("cpu.cfs_quota_us")))
                .isEqualTo("20000\n");
        for (String limit : List.of("400m", "100m")) {
            machine.api.client.raw(
                    "PATCH",
                    "/api/v1/namespaces/default/pods/sized/resize",
                    "application/strategic-merge-patch+json",
                    ("{\"spec\": {\"containers\": [{\"name\": \"main\", \"resources\": {\"limits\": {\"cpu\": \""
                                    + limit + "\"}}}]}}")
                            .getBytes(StandardCharsets.UTF_8));
            await().atMost(SOON)
                    .until(() -> status("sized")
                            .getResources()
                            .getLimits()
                            .get("cpu")
                            .toString()
                            .equals(limit));
            String quota = limit.replace("m", "00") + "\n";
            assertThat(Files.readString(cgroup.resolve(id).resolve("cpu.cfs_quota_us")))
                    .isEqualTo(quota);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Files.readString(cgroup.resolve("cpu.cfs_quota_us")))
                            .isEqualTo(quota));
        }
        assertThat(status("sized").getRestartCount()).isZero();
        assertThat(status("sized").getContainerID()).endsWith(id);
        usedImagesStay();
    }

    /** So early that a runtime may not listen for it yet. */
    @Test
    void memoryThatRunsOutAtOnceIsTold() {
        machine.create("""
                metadata: {name: short, namespace: default}
                spec:
                  nodeName: node-d
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: [tail, /dev/zero]
                    resources: {limits: {memory: 8Mi}}
                """);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> status("short").getState().getTerminated() != null);
        assertThat(status("short").getState().getTerminated().getExitCode()).isEqualTo(137);
        assertThat(status("short").getState().getTerminated().getReason()).isEqualTo("OOMKilled");
    }

    @Test
    void whatPodsUseIsTold() throws Exception {
        machine.api.client.of(Pod.class).create(TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: measured, namespace: default}
                spec:
                  nodeName: %s
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "echo said; dd if=/dev/zero of=/disk/a bs=1k count=100; touch /disk/b; sleep 100000"]
                    resources: {limits: {cpu: 200m, memory: 64Mi}}
                    volumeMounts: [{name: disk, mountPath: /disk}, {name: memory, mountPath: /memory}]
                  volumes:
                  - {name: disk, emptyDir: {}}
                  - {name: memory, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
                """.formatted(NODE, Containerd.IMAGE)));
        awaitRunning("measured");
        JsonNode summary = Json.tree(machine.kubeletSays(NODE, "stats/summary").getBytes(StandardCharsets.UTF_8));
        JsonNode pod = java.util.stream.StreamSupport.stream(
                        summary.path("pods").spliterator(), false)
                .filter(each -> each.at("/podRef/name").asText().equals("measured"))
                .findFirst()
                .orElseThrow();
        assertThat(pod.at("/network/name").asText()).isEqualTo("eth0");
        assertThat(pod.at("/network/txBytes").isIntegralNumber()).isTrue();
        assertThat(pod.at("/process_stats/process_count").asInt()).isBetween(2, 5);
        JsonNode disk = pod.path("volume").path(0);
        assertThat(disk.path("name").asText()).isIn("disk", "memory");
        JsonNode byName = java.util.stream.StreamSupport.stream(
                        pod.path("volume").spliterator(), false)
                .filter(each -> each.path("name").asText().equals("disk"))
                .findFirst()
                .orElseThrow();
        assertThat(byName.path("usedBytes").asLong()).isEqualTo(100 * 1024);
        assertThat(byName.path("inodesUsed").asLong()).isEqualTo(3);
        assertThat(byName.path("capacityBytes").asLong())
                .isGreaterThan(byName.path("availableBytes").asLong());
        JsonNode container = pod.path("containers").path(0);
        assertThat(container.at("/logs/usedBytes").asLong()).isPositive();
        assertThat(container.at("/memory/availableBytes").asLong()).isBetween(1L, 64L << 20);
        assertThat(container.at("/rootfs/capacityBytes").asLong()).isPositive();
        assertThat(pod.at("/ephemeral-storage/usedBytes").asLong()).isGreaterThan(100 * 1024);
        assertThat(summary.at("/node/fs/inodesFree").asLong()).isPositive();
        assertThat(summary.at("/node/runtime/imageFs/capacityBytes").asLong()).isPositive();
        assertThat(summary.at("/node/systemContainers").findValuesAsText("name"))
                .containsExactly("kubelet", "pods");
        String uid = machine.api.pod("measured").getMetadata().getUid();
        assertThat(machine.kubeletSays(NODE, "metrics/cadvisor"))
                .containsPattern("container_network_receive_bytes_total\\{interface=\"eth0\",container=\"\",id=\"/"
                        + NODE + "/kubepods/pod" + uid
                        + "\",image=\"\",name=\"\",namespace=\"default\",pod=\"measured\"\\} \\d+ \\d+")
                .containsPattern("container_processes\\{container=\"main\",id=\"/" + NODE + "/kubepods/pod" + uid
                        + "/\\w+\",image=\"[^\"]*busybox[^\"]*\".* 1 \\d+")
                .containsPattern(
                        "container_spec_memory_limit_bytes\\{container=\"main\",.*pod=\"measured\"\\} 67108864 ");
        assertThat(machine.kubeletSays(NODE, "metrics/resource"))
                .containsPattern("pod_memory_working_set_bytes\\{namespace=\"default\",pod=\"measured\"\\} [1-9]\\d*");
    }

    private static void usedImagesStay() throws Exception {
        try (CriRuntime runtime = CriRuntime.open(machine.containerd.endpoint());
                var recorder = new EventRecorder(machine.api.client, "test", NODE)) {
            var signals = new MachineSignals(new Machine(folder), runtime, folder);
            assertThat(signals.observe())
                    .hasSize(Signal.values().length)
                    .allSatisfy((signal, seen) -> assertThat(seen.available()).isBetween(1L, seen.capacity()));
            List<String> before = runtime.images().stream().map(Image::id).toList();
            var options = new CollectionOptions(85, 80, Duration.ZERO, Duration.ZERO, 1, -1, Duration.ZERO);
            var pulled = new PullRecords(Optional.empty(), InstantSource.system());
            new ImageCollection(options, NODE, runtime, signals, pulled, recorder, InstantSource.system()).freeAll();
            assertThat(runtime.images()).extracting(Image::id).hasSameElementsAs(before);
        }
    }

    private static void awaitRunning(String pod) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> status(pod).getState().getRunning() != null);
    }

    private static ContainerStatus status(String pod) {
        return machine.api.pod(pod).getStatus().getContainerStatuses().getFirst();
    }
}
