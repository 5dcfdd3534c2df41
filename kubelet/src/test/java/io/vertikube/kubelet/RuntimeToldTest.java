package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.images.ImageAccess;
import io.vertikube.kubelet.pod.PodPolicies;
import io.vertikube.kubelet.pod.PullLimits;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Mount;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields of a pod that are the runtime's to heed, from the API to what it is told. */
final class RuntimeToldTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Map<String, SandboxConfig> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, ContainerConfig> containers = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    @Test
    void whomTheSandboxRunsAsAndWhatStopsAContainer() throws IOException {
        try (var cluster = new TestCluster(folder);
                var kubelet = cluster.kubelet(
                        cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")), listening())) {
            Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
            Pod own = run(
                    cluster,
                    "own",
                    "os: {name: linux}, securityContext: {runAsUser: 1000, runAsGroup: 2000},"
                            + " containers: [{name: c, image: web, lifecycle: {stopSignal: SIGUSR1}}]");
            assertThat(sandboxes.get("own").runAsUser()).hasValue(1000);
            assertThat(sandboxes.get("own").runAsGroup()).hasValue(2000);
            assertThat(containers.get("own/c").stopSignal()).isEqualTo("SIGUSR1");
            assertThat(own.getStatus().getContainerStatuses())
                    .extracting(ContainerStatus::getStopSignal)
                    .containsExactly("SIGUSR1");

            Pod plain = run(cluster, "plain", "containers: [{name: c, image: web, securityContext: {runAsUser: 5}}]");
            assertThat(sandboxes.get("plain").runAsUser()).isEmpty();
            assertThat(sandboxes.get("plain").runAsGroup()).isEmpty();
            assertThat(containers.get("plain/c").stopSignal()).isEmpty();
            assertThat(plain.getStatus().getContainerStatuses())
                    .extracting(ContainerStatus::getStopSignal)
                    .containsExactly((String) null);
        }
    }

    @Test
    void whoseFilesGetTheContainersLabel() throws IOException {
        assertThat(relabelled("labels", true))
                .containsOnly(
                        Map.entry("/empty", true),
                        Map.entry("/config", true),
                        Map.entry("/machine", false),
                        Map.entry("/etc/hosts", true),
                        Map.entry("/dev/termination-log", true));
        assertThat(relabelled("none", false).values()).containsOnly(false);
    }

    /** By path in the container, on a node whose files have labels or have none. */
    private Map<String, Boolean> relabelled(String name, boolean selinux) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        try (var cluster = new TestCluster(place)) {
            KubeletOptions options = cluster.options("node-a", KubeletOptions.SIMULATED, place.resolve("a"));
            var pods = new PodPolicies(
                    false, PullLimits.DEFAULT, ImageAccess.DEFAULT, Duration.ofMinutes(5), 65536, selinux);
            try (var kubelet = cluster.kubelet(options.with(options.policies().with(pods)), listening())) {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                run(
                        cluster,
                        name,
                        "automountServiceAccountToken: false, volumes: [{name: e, emptyDir: {}},"
                                + " {name: c, downwardAPI: {items: []}}, {name: h, hostPath: {path: /tmp}}],"
                                + " containers: [{name: c, image: web, volumeMounts: [{name: e, mountPath: /empty},"
                                + " {name: c, mountPath: /config}, {name: h, mountPath: /machine}]}]");
            }
            return containers.get(name + "/c").mounts().stream()
                    .collect(Collectors.toMap(Mount::containerPath, Mount::relabel));
        }
    }

    private static Pod run(TestCluster cluster, String name, String spec) {
        cluster.client
                .of(Pod.class)
                .create(TestPods.parse("{metadata: {name: " + name + ", namespace: default}, spec: {nodeName: node-a, "
                        + spec + "}}"));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> "Running".equals(cluster.pod(name).getStatus().getPhase()));
        return cluster.pod(name);
    }

    private ContainerRuntime listening() {
        var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "runSandbox" -> {
                            var config = (SandboxConfig) arguments[0];
                            sandboxes.put(config.pod().name(), config);
                        }
                        case "createContainer" -> {
                            var config = (ContainerConfig) arguments[1];
                            containers.put(((SandboxConfig) arguments[2]).pod().name() + "/" + config.name(), config);
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
