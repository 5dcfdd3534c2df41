package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.manifests.ManifestOptions;
import io.vertikube.kubelet.manifests.ManifestServer;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of a folder, against a real API server, with simulated containers. */
class StaticPodsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String MIRROR = "kubernetes.io/config.mirror";

    @TempDir
    Path folder;

    private TestCluster cluster;
    private SimulatedRuntime runtime;
    private KubeletService kubelet;
    private Path manifests;
    private ManifestOptions sources;
    private ListedWhileStarting listed;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        manifests = Files.createDirectory(folder.resolve("manifests"));
        sources = ManifestOptions.NONE.with(manifests);
        write("image-1");
        kubelet = startKubelet();
    }

    @AfterEach
    void stop() {
        kubelet.close();
        cluster.close();
    }

    @Test
    void staticPodRunsAndIsShownByItsMirror() {
        Pod mirror = readyMirror();
        String uid = mirror.getMetadata().getAnnotations().get(MIRROR);
        assertThat(mirror.getMetadata().getUid()).isNotEqualTo(uid);
        assertThat(mirror.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("Node");
            assertThat(owner.getUid())
                    .isEqualTo(cluster.client
                            .of(Node.class)
                            .get("", "node-a")
                            .getMetadata()
                            .getUid());
        });
        assertThat(mirror.getStatus().getPhase()).isEqualTo("Running");
        assertThat(runtime.podUids()).containsExactly(uid);
    }

    @Test
    void deletedMirrorComesBackAndNothingRestarts() {
        Pod first = readyMirror();
        String container = onlyContainer().id();
        cluster.client.of(Pod.class).delete("default", "web-node-a");
        await().atMost(SOON)
                .until(() -> !readyMirror()
                        .getMetadata()
                        .getUid()
                        .equals(first.getMetadata().getUid()));
        assertThat(onlyContainer().id()).isEqualTo(container);
        assertThat(onlyContainer().state()).isEqualTo(ContainerState.RUNNING);
    }

    @Test
    void changedManifestReplacesThePodAndARemovedOneEndsIt() throws IOException {
        readyMirror();
        String container = onlyContainer().id();
        Files.writeString(manifests.resolve("web.yaml"), "apiVersion: v1\nkind: Po");
        write("image-2");
        await().atMost(SOON)
                .until(() -> readyMirror()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage()
                        .equals("image-2"));
        await().atMost(SOON).until(() -> !onlyContainer().id().equals(container));
        Files.delete(manifests.resolve("web.yaml"));
        await().atMost(SOON).until(() -> cluster.find("web-node-a").isEmpty());
        await().atMost(SOON).until(() -> runtime.sandboxes(Map.of()).isEmpty());
    }

    /** What the list says wakes the worker when it has seen it itself: for nothing. */
    @Test
    void containerIsRestartedAfterAListCameWhileItWasStarted() {
        readyMirror();
        String container = onlyContainer().id();
        runtime.stopContainer(container, Duration.ZERO);
        await().atMost(SOON)
                .until(() -> runtime.containers(Map.of()).stream()
                        .anyMatch(each -> each.state() == ContainerState.RUNNING
                                && !each.id().equals(container)));
    }

    /** Of which the relist has a list of all containers before it answers that one has started. */
    private static final class ListedWhileStarting extends KeptRuntime {

        private final AtomicInteger lists = new AtomicInteger();

        ListedWhileStarting(ContainerRuntime kept) {
            super(kept);
        }

        @Override
        public List<Container> containers(Map<String, String> labels) {
            if (labels.isEmpty()) {
                lists.incrementAndGet();
            }
            return super.containers(labels);
        }

        @Override
        public void startContainer(String containerId) {
            super.startContainer(containerId);
            int before = lists.get();
            await().atMost(SOON).until(() -> lists.get() >= before + 2);
        }
    }

    @Test
    void staticPodOutlivesItsKubelet() throws IOException {
        readyMirror();
        String container = onlyContainer().id();
        kubelet.close();
        kubelet = startKubelet();
        await().atMost(SOON).until(kubelet::nodeReady);
        cluster.client.of(Pod.class).delete("default", "web-node-a");
        readyMirror();
        assertThat(onlyContainer().id()).isEqualTo(container);
    }

    /** A source that has not answered since the start may want what runs. */
    @Test
    void podOfAnAddressOutlivesItsKubeletWhileTheAddressIsAway() throws IOException {
        readyMirror();
        try (ManifestServer server = new ManifestServer()) {
            sources = sources.with(server.address("/pods"), Duration.ofMillis(200));
            server.answers(
                    200,
                    "{apiVersion: v1, kind: Pod, metadata: {name: far}, spec: {"
                            + "terminationGracePeriodSeconds: 1, containers: [{name: main, image: i}]}}");
            kubelet.close();
            kubelet = startKubelet();
            await().atMost(SOON).until(() -> isReady("far-node-a"));
            assertThat(cluster.pod("far-node-a").getMetadata().getAnnotations())
                    .containsEntry("kubernetes.io/config.source", "http");
            List<String> containers = containerIds();
            String mirror = cluster.pod("far-node-a").getMetadata().getUid();
            server.answers(503, "");
            kubelet.close();
            kubelet = startKubelet();
            await().atMost(SOON).until(kubelet::nodeReady);
            cluster.client.of(Pod.class).delete("default", "web-node-a");
            readyMirror();
            int lists = listed.lists.get();
            await().atMost(SOON).until(() -> listed.lists.get() > lists + 4);
            assertThat(containerIds()).isEqualTo(containers);
            assertThat(cluster.pod("far-node-a").getMetadata().getUid()).isEqualTo(mirror);
            server.answers(200, "{apiVersion: v1, kind: PodList}");
            await().atMost(SOON).until(() -> cluster.find("far-node-a").isEmpty());
            await().atMost(SOON).until(() -> containerIds().size() == 1);
        }
    }

    private List<String> containerIds() {
        return runtime.containers(Map.of()).stream().map(Container::id).sorted().toList();
    }

    private KubeletService startKubelet() throws IOException {
        KubeletOptions options = cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a"))
                .with(NodePolicies.NONE.with(sources));
        listed = new ListedWhileStarting(runtime);
        return cluster.kubelet(options, listed);
    }

    private Pod readyMirror() {
        await().atMost(SOON).until(() -> isReady("web-node-a"));
        return cluster.pod("web-node-a");
    }

    private boolean isReady(String name) {
        return cluster.pod(name).getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private Container onlyContainer() {
        List<Container> all = runtime.containers(Map.of());
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void write(String image) throws IOException {
        Files.writeString(manifests.resolve("web.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: %s}]
                """.formatted(image));
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }
}
