package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.vertikube.kubelet.csi.CsiDrivers;
import io.vertikube.kubelet.csi.CsiFailure;
import io.vertikube.kubelet.csi.CsiNodeWriter;
import io.vertikube.kubelet.csi.OtherPlugins;
import io.vertikube.kubelet.csi.PluginRegistry;
import io.vertikube.kubelet.csi.PretendedDriver;
import io.vertikube.kubelet.devices.NodeDevices;
import io.vertikube.kubelet.devices.PretendedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets below plugins_registry become drivers of the node's CSINode, with a real API server. */
class PluginRegistrationTest {

    private static final String NAME = "pretended.example.com";

    @TempDir
    Path root;

    private final CsiDrivers drivers = new CsiDrivers();
    private TestCluster cluster;
    private PretendedDriver driver;
    private PluginRegistry registry;
    private NodeDevices devices;

    @BeforeEach
    void begin() throws IOException {
        cluster = new TestCluster(Files.createDirectories(root.resolve("cluster")));
        driver = new PretendedDriver(Files.createDirectories(root.resolve("driver")), NAME);
        cluster.client
                .of(Node.class)
                .create(new NodeBuilder()
                        .withNewMetadata()
                        .withName("n")
                        .endMetadata()
                        .build());
        devices = new NodeDevices(root, () -> {}, InstantSource.system());
        registry = new PluginRegistry(
                root,
                drivers,
                new CsiNodeWriter(cluster.client, "n"),
                new OtherPlugins() {
                    @Override
                    public Optional<String> add(String name, Path endpoint, List<String> versions) {
                        return devices.add(name, endpoint, versions);
                    }

                    @Override
                    public void remove(String name) {
                        devices.remove(name);
                    }
                },
                InstantSource.system());
        registry.start();
    }

    @AfterEach
    void end() throws IOException {
        registry.close();
        devices.close();
        drivers.close();
        driver.close();
        cluster.close();
    }

    @Test
    void aDriverIsKnownWhileItsSocketIsThere() throws IOException {
        Path socket = root.resolve("plugins_registry").resolve(NAME + "-reg.sock");
        driver.register(socket, "CSIPlugin", List.of("1.0.0"));
        await().until(() -> driver.answers.stream().anyMatch(answer -> answer.getPluginRegistered()));
        assertThat(drivers.get(NAME).nodeId()).isEqualTo("id-of-this-machine");
        CSINode seen = cluster.client.of(CSINode.class).get("", "n");
        assertThat(seen.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("Node"));
        assertThat(seen.getSpec().getDrivers()).singleElement().satisfies(PluginRegistrationTest::isWhatTheDriverSaid);
        Node node = cluster.client.of(Node.class).get("", "n");
        assertThat(node.getMetadata().getAnnotations())
                .containsEntry("csi.volume.kubernetes.io/nodeid", "{\"" + NAME + "\":\"id-of-this-machine\"}");
        assertThat(node.getMetadata().getLabels()).containsEntry("topology." + NAME + "/zone", "z1");

        Files.delete(socket);
        await().until(() -> Optional.ofNullable(
                        cluster.client.of(CSINode.class).get("", "n").getSpec().getDrivers())
                .orElse(List.of())
                .isEmpty());
        assertThatThrownBy(() -> drivers.get(NAME)).isInstanceOf(CsiFailure.class);
        await().until(() -> Optional.ofNullable(
                        cluster.client.of(Node.class).get("", "n").getMetadata().getAnnotations())
                .orElse(Map.of())
                .isEmpty());
    }

    @Test
    void whatCannotBeRegisteredIsToldWhy() throws IOException {
        driver.register(root.resolve("plugins_registry/old.sock"), "CSIPlugin", List.of("0.3.0"));
        driver.register(root.resolve("plugins_registry/odd.sock"), "OddPlugin", List.of("v1beta1"));
        await().until(() -> driver.answers.size() >= 2);
        assertThat(driver.answers)
                .allSatisfy(answer -> assertThat(answer.getPluginRegistered()).isFalse());
        assertThat(driver.answers.stream().map(answer -> answer.getError()).toList())
                .anySatisfy(text -> assertThat(text).contains("none of the versions specified [0.3.0] are supported"))
                .anySatisfy(text -> assertThat(text).contains("no handler registered for plugin type: OddPlugin"));
    }

    @Test
    void aPluginForDevicesIsKnownWhileItsSocketIsThere() throws IOException {
        String gpu = "example.com/gpu";
        Path folder = root.resolve("plugins_registry");
        try (var plugin = new PretendedPlugin(root, "gpu.sock", false, false, "g0", "g1")) {
            driver.register(
                    folder.resolve("gpu-reg.sock"), "DevicePlugin", List.of("v1", "v1beta1"), gpu, plugin.socket);
            await().until(() -> driver.answers.stream().anyMatch(answer -> answer.getPluginRegistered()));
            await().until(() -> devices.amounts().allocatable().equals(Map.of(gpu, 2L)));
            driver.register(folder.resolve("old-reg.sock"), "DevicePlugin", List.of("v1alpha1"), gpu, plugin.socket);
            await().until(() -> driver.answers.size() >= 2);
            assertThat(driver.answers.getLast().getError())
                    .endsWith("requested API version [v1alpha1] is not supported by kubelet."
                            + " Supported versions are [v1beta1]");
            Files.delete(folder.resolve("gpu-reg.sock"));
            await().until(() -> devices.amounts().allocatable().equals(Map.of(gpu, 0L)));
            assertThat(devices.amounts().capacity()).isEqualTo(Map.of(gpu, 2L));
        }
    }

    private static void isWhatTheDriverSaid(CSINodeDriver entry) {
        assertThat(entry.getName()).isEqualTo(NAME);
        assertThat(entry.getNodeID()).isEqualTo("id-of-this-machine");
        assertThat(entry.getTopologyKeys()).containsExactly("topology." + NAME + "/zone");
        assertThat(entry.getAllocatable().getCount()).isEqualTo(12);
    }
}
