package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes that are the files of images: what the runtime is asked for, and what people are told when it cannot be. */
final class ImageVolumesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Map<String, ContainerConfig> made = new ConcurrentHashMap<>();
    private volatile RuntimeVersion version = new RuntimeVersion("containerd", "2.2.0");

    @TempDir
    Path folder;

    private TestCluster cluster;
    private KubeletService kubelet;

    @BeforeEach
    void start() throws IOException {
        cluster = new TestCluster(folder);
        Path root = folder.resolve("a");
        kubelet = cluster.kubelet(
                KubeletOptions.simulated(
                        cluster.options("node-a", KubeletOptions.SIMULATED, root)
                                .kubeconfig(),
                        "node-a",
                        root),
                watched(new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.78.0.0/24"))));
        Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        cluster.close();
    }

    @Test
    void theRuntimeIsAskedToMountTheImage() {
        create("web", "{reference: 'example.org/files:7', pullPolicy: IfNotPresent}", ", subPathExpr: 'sites/$(SITE)'");
        Awaitility.await().atMost(SOON).until(() -> made.containsKey("main"));

        ContainerConfig config = made.get("main");
        Mount mount = config.mounts().stream()
                .filter(each -> each.containerPath().equals("/files"))
                .findFirst()
                .orElseThrow();
        Mount.Files files = mount.image().orElseThrow();
        assertThat(mount.hostPath()).isEmpty();
        assertThat(mount.readOnly()).isTrue();
        assertThat(files.asked()).isEqualTo("example.org/files:7");
        assertThat(files.subPath()).isEqualTo("sites/blue");
        assertThat(config.annotations()).containsEntry(Labels.IMAGE_VOLUMES, files.reference());
        assertThat(messages("web"))
                .anyMatch(text -> text.startsWith("Successfully pulled image \"example.org/files:7\""));
    }

    @Test
    void anImageThatCannotBePulledIsWhatItsContainerWaitsFor() {
        create("web", "{reference: 'example.org/does-not-exist:7'}", "");
        awaitWaiting("web", "ErrImagePull", "ImagePullBackOff");
        assertThat(made).isEmpty();
        Awaitility.await()
                .atMost(SOON)
                .until(() -> messages("web").stream()
                        .anyMatch(text -> text.startsWith("Failed to pull image \"example.org/does-not-exist:7\"")));
    }

    @Test
    void whatIsNeverPulledHasToBeThere() {
        create("web", "{reference: 'example.org/files:8', pullPolicy: Never}", "");
        assertThat(awaitWaiting("web", "ErrImageNeverPull").getMessage()).contains("example.org/files:8");
        assertThat(made).isEmpty();
    }

    @Test
    void anOldRuntimeIsToldOf() {
        version = new RuntimeVersion("containerd", "1.6.20~ds1");
        create("web", "{reference: 'example.org/files:7'}", "");
        assertThat(awaitWaiting("web", "CreateContainerError").getMessage())
                .isEqualTo("an image volume cannot be mounted by containerd 1.6.20~ds1: it needs version 2.1 or newer");
        assertThat(made).isEmpty();
    }

    private void create(String name, String image, String mount) {
        cluster.client.of(Pod.class).create(TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec:
                  nodeName: node-a
                  volumes: [{name: v, image: %s}]
                  containers:
                  - name: main
                    image: "nginx:1"
                    env: [{name: SITE, value: blue}]
                    volumeMounts: [{name: v, mountPath: /files%s}]
                """.formatted(name, image, mount)));
    }

    private ContainerStateWaiting awaitWaiting(String pod, String... reasons) {
        return Awaitility.await()
                .atMost(SOON)
                .until(
                        () -> waiting(cluster.pod(pod))
                                .filter(state -> List.of(reasons).contains(state.getReason())),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<ContainerStateWaiting> waiting(Pod pod) {
        List<ContainerStatus> statuses = pod.getStatus().getContainerStatuses();
        return (statuses == null ? Stream.<ContainerStatus>of() : statuses.stream())
                .map(status -> status.getState().getWaiting())
                .filter(state -> state != null)
                .findFirst();
    }

    private List<String> messages(String pod) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod))
                .map(Event::getMessage)
                .toList();
    }

    private ContainerRuntime watched(ContainerRuntime runtime) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("version")) {
                        return version;
                    }
                    if (method.getName().equals("createContainer")) {
                        ContainerConfig config = (ContainerConfig) arguments[1];
                        made.put(config.name(), config);
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
