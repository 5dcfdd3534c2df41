package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.eviction.MachineSignals;
import io.vertikube.kubelet.eviction.Signal;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.images.ImageCollection;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.Containerd;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
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

    private static Containerd containerd;
    private static TestCluster cluster;
    private static KubeletService kubelet;
    private static Path manifests;

    @BeforeAll
    static void start() throws Exception {
        containerd = Containerd.start(4);
        containerd.configureNetwork();
        cluster = new TestCluster(folder);
        manifests = Files.createDirectory(folder.resolve("manifests"));
        kubelet = cluster.kubelet(cluster.options(NODE, containerd.endpoint(), folder.resolve("kubelet"))
                .with(NodePolicies.NONE.withStaticPods(manifests)));
        await().atMost(SOON).until(kubelet::nodeReady);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            Files.deleteIfExists(manifests.resolve("web.yaml"));
            cluster.find("sized").ifPresent(pod -> cluster.client.of(Pod.class).delete("default", "sized"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.find("sized").isEmpty()
                            && cluster.find("web-" + NODE).isEmpty());
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(folder.resolve("kubelet/pods")).isEmptyDirectory());
            kubelet.close();
            cluster.close();
        }
        if (containerd != null) {
            containerd.close();
        }
        removeCgroups();
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
        String mirror = cluster.pod(name).getMetadata().getUid();
        cluster.client.of(Pod.class).delete("default", name);
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> !cluster.pod(name).getMetadata().getUid().equals(mirror));
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
        cluster.client.of(Pod.class).create(pod);
        awaitRunning("sized");
        String uid = cluster.pod("sized").getMetadata().getUid();
        String id = status("sized").getContainerID().replaceFirst(".*://", "");
        Path cgroup = Path.of("/sys/fs/cgroup/cpu", NODE, "kubepods/burstable", "pod" + uid);
        assertThat(Files.readString(cgroup.resolve(id).resolve("cpu.cfs_quota_us")))
                .isEqualTo("20000\n");
        for (String limit : List.of("400m", "100m")) {
            cluster.client.raw(
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

    private static void usedImagesStay() throws Exception {
        try (CriRuntime runtime = CriRuntime.open(containerd.endpoint());
                var recorder = new EventRecorder(cluster.client, "test", NODE)) {
            var signals = new MachineSignals(new Machine(folder), runtime, folder);
            assertThat(signals.observe())
                    .hasSize(Signal.values().length)
                    .allSatisfy((signal, seen) -> assertThat(seen.available()).isBetween(1L, seen.capacity()));
            List<String> before = runtime.images().stream().map(Image::id).toList();
            var options = new CollectionOptions(85, 80, Duration.ZERO, Duration.ZERO, 1, -1, Duration.ZERO);
            new ImageCollection(options, NODE, runtime, signals, recorder, InstantSource.system()).freeAll();
            assertThat(runtime.images()).extracting(Image::id).hasSameElementsAs(before);
        }
    }

    private static void awaitRunning(String pod) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> status(pod).getState().getRunning() != null);
    }

    private static ContainerStatus status(String pod) {
        return cluster.pod(pod).getStatus().getContainerStatuses().getFirst();
    }

    private static void removeCgroups() throws IOException {
        for (File hierarchy : Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles(File::isDirectory))) {
            for (String part : List.of("kubepods/besteffort", "kubepods/burstable", "kubepods", "")) {
                Files.deleteIfExists(hierarchy.toPath().resolve(NODE).resolve(part));
            }
        }
    }
}
