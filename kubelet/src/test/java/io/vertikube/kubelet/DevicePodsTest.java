package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.devices.PretendedPlugin;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.EnvVariable;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin's devices, from its socket through the API to what the runtime is told. */
final class DevicePodsTest {

    private static final String GPU = "example.com/gpu";
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Map<String, ContainerConfig> made = new ConcurrentHashMap<>();
    private final SimulatedRuntime runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.78.0.0/24"));

    @TempDir
    Path folder;

    private Path root;
    private TestCluster cluster;
    private KubeletOptions options;
    private KubeletService kubelet;
    private PretendedPlugin plugin;

    @BeforeEach
    void begin() throws IOException {
        root = folder.resolve("a");
        cluster = new TestCluster(folder);
        options = ofMachine(cluster.options("node-a", KubeletOptions.SIMULATED, root));
        kubelet = start();
        plugin = new PretendedPlugin(root, "gpu.sock", false, true, "g0", "g1", "g2");
        plugin.register(GPU);
        await().atMost(SOON).until(() -> amounts().equals("3 3"));
    }

    @AfterEach
    void end() {
        kubelet.close();
        plugin.close();
        cluster.close();
    }

    @Test
    void podsGetDevicesThatNobodyElseHas() throws IOException {
        create("first", 2);
        await().atMost(SOON).until(() -> phase("first").equals("Running"));
        ContainerConfig told = made.get("first-c");
        assertThat(told.env()).contains(new EnvVariable("DEVICES", "g0,g1"), new EnvVariable("OWN", "pod"));
        assertThat(told.env()).doesNotContain(new EnvVariable("OWN", "plugin"));
        assertThat(told.devices()).extracting(each -> each.containerPath()).containsExactly("/dev/g0", "/dev/g1");
        assertThat(told.mounts())
                .anySatisfy(mount -> assertThat(mount.containerPath()).isEqualTo("/opt/driver"));
        assertThat(told.annotations()).containsEntry("example.com/devices", "g0,g1");
        assertThat(told.cdiDevices()).containsExactly("example.com/gpu=g0", "example.com/gpu=g1");
        assertThat(plugin.takeCalls()).containsExactly("allocate [g0, g1]", "start [g0, g1]");

        isRefused("second", 2, "Requested: 2, Available: 1");
        // The node has two that are healthy, and the first pod has two: but one of these is not, and another is free.
        plugin.tell("g0", false);
        await().atMost(SOON).until(() -> amounts().equals("3 2"));
        create("extra", 1);
        await().atMost(SOON).until(() -> phase("extra").equals("Running"));
        assertThat(made.get("extra-c").env()).contains(new EnvVariable("DEVICES", "g2"));
        cluster.client.of(Pod.class).delete("default", "extra");
        await().atMost(SOON).until(() -> cluster.find("extra").isEmpty());
        plugin.tell("g2", false);
        await().atMost(SOON).until(() -> amounts().equals("3 1"));
        isRefused("third", 1, "Requested: 1, Available: 0");

        kubelet.close();
        kubelet = start();
        await().atMost(SOON).until(() -> amounts().equals("0 0"));
        plugin.close();
        plugin = new PretendedPlugin(root, "gpu.sock", false, true, "g0", "g1", "g2");
        plugin.register(GPU);
        await().atMost(SOON).until(() -> amounts().equals("3 3"));
        isRefused("fourth", 2, "Requested: 2, Available: 1");
        assertThat(phase("first")).isEqualTo("Running");

        cluster.client.of(Pod.class).delete("default", "first");
        await().atMost(SOON).until(() -> cluster.find("first").isEmpty());
        create("fifth", 3);
        await().atMost(SOON).until(() -> phase("fifth").equals("Running"));
        assertThat(plugin.takeCalls()).containsExactly("allocate [g0, g1, g2]", "start [g0, g1, g2]");
    }

    @Test
    void whatAPodHadThatWentWhileNoKubeletRanIsFree() throws IOException {
        create("first", 2);
        await().atMost(SOON).until(() -> phase("first").equals("Running"));
        Path file = root.resolve("allocated_devices_state");
        assertThat(file).content().contains("g0");
        kubelet.close();
        cluster.client
                .of(Pod.class)
                .delete(
                        "default",
                        "first",
                        new DeleteOptionsBuilder().withGracePeriodSeconds(0L).build());
        runtime.containers(Map.of()).forEach(container -> runtime.removeContainer(container.id()));
        runtime.sandboxes(Map.of()).forEach(sandbox -> runtime.removeSandbox(sandbox.id()));
        kubelet = start();
        await().atMost(SOON).untilAsserted(() -> assertThat(file).content().doesNotContain("g0"));
        assertThat(file).content().contains(GPU);
    }

    private void isRefused(String name, int amount, String numbers) {
        create(name, amount);
        await().atMost(SOON).until(() -> phase(name).equals("Failed"));
        assertThat(cluster.pod(name).getStatus().getReason()).isEqualTo("UnexpectedAdmissionError");
        assertThat(cluster.pod(name).getStatus().getMessage())
                .isEqualTo("Pod was rejected: Allocate failed due to requested number of devices unavailable for " + GPU
                        + ". " + numbers + ", which is unexpected");
    }

    private void create(String name, int amount) {
        cluster.client.of(Pod.class).create(TestPods.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, namespace: default}
                spec:
                  nodeName: node-a
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: %1$s-c
                    image: i
                    env: [{name: OWN, value: pod}]
                    resources: {limits: {example.com/gpu: %2$d}}
                """.formatted(name, amount)));
    }

    private String phase(String pod) {
        return Optional.ofNullable(cluster.pod(pod).getStatus().getPhase()).orElse("");
    }

    /** What the API says that the node has, and of that what pods may have. */
    private String amounts() {
        NodeStatus status = cluster.client.of(Node.class).get("", "node-a").getStatus();
        var none = new Quantity("-");
        return status.getCapacity().getOrDefault(GPU, none).getAmount() + " "
                + status.getAllocatable().getOrDefault(GPU, none).getAmount();
    }

    private KubeletService start() {
        KubeletService started = cluster.kubelet(options, kept());
        await().atMost(SOON).until(started::nodeReady);
        return started;
    }

    private ContainerRuntime kept() {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("createContainer")) {
                        var config = (ContainerConfig) arguments[1];
                        made.put(config.name(), config);
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A kubelet that believes to run on a machine, whose cgroups it leaves alone. */
    private static KubeletOptions ofMachine(KubeletOptions simulated) {
        return new KubeletOptions(
                simulated.kubeconfig(),
                simulated.hostname(),
                simulated.nodeIp(),
                "unix:///nowhere",
                simulated.rootDir(),
                simulated.podLogsDir(),
                List.of(),
                simulated.clusterDomain(),
                simulated.bindAddress(),
                simulated.port(),
                simulated.healthzPort(),
                simulated.clientCaFile(),
                simulated.tlsCertFile(),
                simulated.tlsPrivateKeyFile(),
                Optional.empty(),
                false,
                simulated.cniConfDir(),
                Optional.empty(),
                simulated.nodeLabels(),
                List.of(),
                simulated.maxPods(),
                Duration.ofMinutes(2),
                simulated.nodeStatusReportFrequency(),
                simulated.syncFrequency(),
                simulated.leaseRenewal(),
                simulated.policies());
    }
}
