package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods of {@code hostUsers: false}, from the API to what the runtime is told. */
final class OwnUsersTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** What the runtime was told, by pod and by pod/container. */
    private final Map<String, Optional<IdRange>> told = new ConcurrentHashMap<>();

    private final SimulatedRuntime runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));

    @TempDir
    Path folder;

    @Test
    void eachHasItsOwnForAsLongAsItRuns() throws IOException {
        try (var cluster = new TestCluster(folder)) {
            Path root = folder.resolve("a");
            KubeletOptions options = cluster.options("node-a", KubeletOptions.SIMULATED, root);
            try (var kubelet = cluster.kubelet(options, listening())) {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                run(cluster, "first", false);
                run(cluster, "second", false);
                run(cluster, "plain", true);
                assertThat(told)
                        .containsEntry("first", ids(1))
                        .containsEntry("first/c", ids(1))
                        .containsEntry("second", ids(2))
                        .containsEntry("second/c", ids(2))
                        .containsEntry("plain", Optional.empty())
                        .containsEntry("plain/c", Optional.empty());
                var status = cluster.client.of(Node.class).get("", "node-a").getStatus();
                assertThat(status.getFeatures().getSupplementalGroupsPolicy()).isTrue();
                var handlers = status.getRuntimeHandlers();
                assertThat(handlers).hasSize(1);
                assertThat(handlers.getFirst().getFeatures().getUserNamespaces())
                        .isTrue();
            }
            try (var kubelet = cluster.kubelet(options, listening())) {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                run(cluster, "third", false);
                assertThat(told).containsEntry("third", ids(3));
                end(cluster, "second");
                run(cluster, "fourth", false);
                assertThat(told).containsEntry("fourth", ids(2)).containsEntry("fourth/c", ids(2));
            }
        }
    }

    @Test
    void whoseIdsCannotBeReadWaitsAndSaysSo() throws IOException {
        try (var cluster = new TestCluster(folder)) {
            Path root = folder.resolve("a");
            try (var kubelet =
                    cluster.kubelet(cluster.options("node-a", KubeletOptions.SIMULATED, root), listening())) {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                run(cluster, "web", false);
                Path file = root.resolve("pods")
                        .resolve(cluster.pod("web").getMetadata().getUid())
                        .resolve("userns");
                Files.writeString(file, "spoilt");
                runtime.sandboxes(Map.of()).forEach(each -> runtime.stopSandbox(each.id()));
                Awaitility.await()
                        .atMost(SOON)
                        .untilAsserted(() -> assertThat(events(cluster))
                                .anySatisfy(event -> assertThat(event)
                                        .startsWith(
                                                "FailedCreatePodSandBox: Failed to create pod sandbox: nobody knows")
                                        .contains(file.toString())));
                assertThat(file).hasContent("spoilt");
                assertThat(runtime.sandboxes(Map.of())).noneMatch(each -> each.ready());
            }
        }
    }

    private void run(TestCluster cluster, String name, boolean hostUsers) {
        cluster.client
                .of(Pod.class)
                .create(TestPods.parse("{metadata: {name: " + name + ", namespace: default}, spec: {nodeName: node-a,"
                        + " hostUsers: " + hostUsers + ", terminationGracePeriodSeconds: 1,"
                        + " containers: [{name: c, image: web}]}}"));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> "Running".equals(cluster.pod(name).getStatus().getPhase()));
    }

    private static void end(TestCluster cluster, String name) {
        cluster.client.of(Pod.class).delete("default", name);
        Awaitility.await().atMost(SOON).until(() -> cluster.find(name).isEmpty());
    }

    private static List<String> events(TestCluster cluster) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .map(event -> event.getReason() + ": " + event.getMessage())
                .toList();
    }

    private static Optional<IdRange> ids(int index) {
        return Optional.of(new IdRange(65536L * index, 65536));
    }

    /** The runtime, which outlives the kubelets on it. */
    private ContainerRuntime listening() {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "close" -> {
                            return null;
                        }
                        case "runSandbox" -> {
                            var config = (SandboxConfig) arguments[0];
                            told.put(config.pod().name(), config.namespaces().users());
                        }
                        case "createContainer" -> {
                            var config = (ContainerConfig) arguments[1];
                            told.put(
                                    ((SandboxConfig) arguments[2]).pod().name() + "/" + config.name(),
                                    config.security().namespaces().users());
                        }
                        default -> {}
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
