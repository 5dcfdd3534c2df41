package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A runtime that stops a sandbox ends its containers first: one of them may be seen to have ended while the sandbox is still ready. */
final class DyingSandboxTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimulatedRuntime runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
    private final AtomicReference<Optional<String>> dying = new AtomicReference<>(Optional.empty());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"createContainer", "startContainer"})
    void startInVainIsNoRestart(String call) throws IOException {
        try (var cluster = new TestCluster(folder)) {
            Path root = folder.resolve("a");
            var options = KubeletOptions.simulated(
                    cluster.options("node-a", KubeletOptions.SIMULATED, root).kubeconfig(), "node-a", root);
            KubeletService kubelet = cluster.kubelet(options, endingAt(call));
            try {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                cluster.client.of(Pod.class).create(TestPods.webOn("node-a"));
                Awaitility.await().atMost(SOON).until(() -> isReady(cluster));
                String before = id(cluster);

                dying.set(Optional.of(runtime.sandboxes(Map.of()).getFirst().id()));
                runtime.containers(Map.of()).forEach(each -> runtime.stopContainer(each.id(), Duration.ZERO));

                Awaitility.await().atMost(SOON).until(() -> isReady(cluster) && !before.equals(id(cluster)));
                assertThat(dying.get()).isEmpty();
                assertThat(runtime.sandboxes(Map.of())).hasSize(2);
                assertThat(main(cluster).orElseThrow().getRestartCount()).isEqualTo(1);
                assertThat(cluster.client
                                .of(Event.class)
                                .list("default", ListOptions.all())
                                .items())
                        .extracting(Event::getReason)
                        .doesNotContain("Failed");
            } finally {
                kubelet.close();
            }
        }
    }

    /** The dying sandbox is gone when this is asked of it. */
    private ContainerRuntime endingAt(String call) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(call)) {
                        Optional<String> ending = dying.getAndSet(Optional.empty());
                        if (ending.isPresent()) {
                            runtime.stopSandbox(ending.get());
                            throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "sandbox container is not running");
                        }
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Optional<ContainerStatus> main(TestCluster cluster) {
        Pod pod = cluster.pod("web");
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getContainerStatuses().stream().findFirst();
    }

    private static boolean isReady(TestCluster cluster) {
        return main(cluster).map(ContainerStatus::getReady).orElse(false);
    }

    private static String id(TestCluster cluster) {
        return main(cluster).map(ContainerStatus::getContainerID).orElse("");
    }
}
