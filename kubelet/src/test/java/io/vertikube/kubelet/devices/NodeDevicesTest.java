package io.vertikube.kubelet.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.node.ExtendedResources;
import io.vertikube.kubelet.runtime.EnvVariable;
import io.vertikube.kubelet.runtime.Mount;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plugins on real sockets. */
class NodeDevicesTest {

    private static final String GPU = "example.com/gpu";

    @TempDir
    Path root;

    private final AtomicInteger changes = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private NodeDevices devices;
    private PretendedPlugin plugin;

    @BeforeEach
    void begin() throws IOException {
        devices = open();
        plugin = new PretendedPlugin(root, "gpu.sock", false, false, "g0", "g1", "g2");
    }

    @AfterEach
    void end() throws IOException {
        plugin.close();
        devices.close();
    }

    @Test
    void whatAPluginTellsIsCountedAtOnce() {
        assertThat(devices.amounts()).isEqualTo(ExtendedResources.NONE);
        plugin.register(GPU);
        awaitAmounts(3, 3);
        int before = changes.get();
        assertThat(before).isPositive();
        plugin.tell("g1", false);
        awaitAmounts(3, 2);
        plugin.tell("g3", true);
        awaitAmounts(4, 3);
        plugin.tell("g1", true);
        awaitAmounts(4, 4);
        assertThat(changes.get()).isEqualTo(before + 3);
    }

    @Test
    void aPluginThatGoesKeepsItsDevicesForAWhileAndMayComeBack() throws IOException {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        devices.pods().give(pod("a", 1));
        plugin.close();
        awaitAmounts(3, 0);
        assertFails(pod("b", 1), "no healthy devices present; cannot allocate unhealthy devices " + GPU);
        now = now.plus(Duration.ofMinutes(4));
        awaitAmounts(3, 0);
        now = now.plus(Duration.ofMinutes(2));
        awaitAmounts(0, 0);
        Files.deleteIfExists(plugin.socket);
        plugin = new PretendedPlugin(root, "gpu.sock", false, false, "g0", "g1", "g2");
        plugin.register(GPU);
        awaitAmounts(3, 3);
        devices.pods().give(pod("b", 2));
        assertThat(plugin.takeCalls()).containsExactly("allocate [g1, g2]");
    }

    @Test
    void aPluginThatRegistersAgainTakesThePlaceOfTheOldOne() throws IOException {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        try (var fresh = new PretendedPlugin(root, "fresh.sock", false, false, "n0")) {
            fresh.register(GPU);
            awaitAmounts(1, 1);
            plugin.tell("g9", true);
            plugin.close();
            devices.pods().give(pod("a", 1));
            assertThat(fresh.takeCalls()).containsExactly("allocate [n0]");
            awaitAmounts(1, 1);
        }
    }

    @Test
    void noDeviceIsGivenTwiceUntilItsPodIsOver() {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        devices.pods().give(pod("a", 2));
        devices.pods().give(pod("a", 2));
        assertThat(plugin.takeCalls()).containsExactly("allocate [g0, g1]");
        String tooFew = "requested number of devices unavailable for example.com/gpu. Requested: 2, Available: 1";
        assertFails(pod("b", 2), tooFew);
        plugin.tell("g0", false);
        awaitAmounts(3, 2);
        devices.pods().forget("a");
        devices.pods().give(pod("b", 2));
        assertThat(plugin.takeCalls()).containsExactly("allocate [g1, g2]");
    }

    @Test
    void whatCannotBeAllocatedIsNotGiven() {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        plugin.failing = "burnt";
        assertThatThrownBy(() -> devices.pods().give(pod("a", 3)))
                .isInstanceOf(DeviceFailure.class)
                .hasMessageContaining("rpc error: code = INTERNAL desc = burnt");
        assertThat(devices.pods().podUids()).isEmpty();
        plugin.failing = "";
        devices.pods().give(pod("b", 3));
    }

    @Test
    void initContainersPassTheirDevicesOnAndSidecarsDoNot() {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        devices.pods().give(parse("""
                        metadata: {uid: a}
                        spec:
                          initContainers:
                          - {name: first, resources: {limits: {example.com/gpu: 2}}}
                          - {name: side, restartPolicy: Always, resources: {limits: {example.com/gpu: 1}}}
                          - {name: second, resources: {limits: {example.com/gpu: 1}}}
                          containers:
                          - {name: x, resources: {limits: {example.com/gpu: 1}}}
                          - {name: y, resources: {limits: {example.com/gpu: 1}}}
                        """));
        assertThat(plugin.takeCalls())
                .containsExactly(
                        "allocate [g0, g1]", "allocate [g0]", "allocate [g1]", "allocate [g1]", "allocate [g2]");
    }

    @Test
    void aPluginsWishesAreHeard() throws IOException {
        try (var choosy = new PretendedPlugin(root, "nic.sock", true, true, "n0", "n1", "n2")) {
            choosy.preferred = List.of("n2", "n1");
            choosy.register("example.com/nic");
            await().until(() -> devices.amounts().allocatable().equals(Map.of("example.com/nic", 3L)));
            Pod pod = parse("""
                    metadata: {uid: a}
                    spec: {containers: [{name: c, resources: {limits: {example.com/nic: 2}}}]}
                    """);
            devices.pods().give(pod);
            Container container = pod.getSpec().getContainers().getFirst();
            devices.pods().prepare(pod, container);
            devices.pods().prepare(pod, container);
            assertThat(choosy.takeCalls())
                    .containsExactly(
                            "prefer 2 of [n0, n1, n2] with []",
                            "allocate [n2, n1]",
                            "start [n2, n1]",
                            "start [n2, n1]");
            choosy.close();
            await().until(() -> devices.amounts().allocatable().equals(Map.of("example.com/nic", 0L)));
            assertThatThrownBy(() -> devices.pods().prepare(pod, container))
                    .isInstanceOf(DeviceFailure.class)
                    .hasMessageStartingWith("the plugin for example.com/nic is gone");
        }
    }

    @Test
    void aNewKubeletKnowsWhoseDevicesAreWhose() throws IOException {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        Pod first = pod("a", 2);
        devices.pods().give(first);
        devices.close();
        Path old = root.resolve("device-plugins/left.sock");
        try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(old));
        }
        Files.writeString(root.resolve("device-plugins/note"), "no socket");
        devices = open();
        assertThat(old).doesNotExist();
        assertThat(plugin.socket).doesNotExist();
        assertThat(root.resolve("device-plugins/note")).exists();
        awaitAmounts(0, 0);
        assertThat(devices.pods()
                        .prepare(first, first.getSpec().getContainers().getFirst())
                        .env())
                .containsEntry("DEVICES", "g0,g1");
        assertFails(pod("b", 1), "no healthy devices present; cannot allocate unhealthy devices " + GPU);
        plugin.close();
        plugin = new PretendedPlugin(root, "gpu.sock", false, false, "g0", "g1", "g2");
        plugin.register(GPU);
        awaitAmounts(3, 3);
        devices.pods().give(pod("b", 1));
        assertThat(plugin.takeCalls()).containsExactly("allocate [g2]");
        assertThat(devices.pods().podUids()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aContainerGetsWhatThePluginSays() {
        plugin.register(GPU);
        awaitAmounts(3, 3);
        Pod pod = pod("a", 2);
        devices.pods().give(pod);
        GivenDevices given =
                devices.pods().prepare(pod, pod.getSpec().getContainers().getFirst());
        assertThat(given.env(List.of(new EnvVariable("OWN", "mine"))))
                .containsExactlyInAnyOrder(new EnvVariable("DEVICES", "g0,g1"), new EnvVariable("OWN", "mine"));
        assertThat(given.mounts(List.of())).containsExactly(Mount.of("/opt/driver", "/usr/lib", true));
        Mount mine = Mount.of("/opt/driver", "/mine", false);
        assertThat(given.mounts(List.of(mine))).containsExactly(mine);
        assertThat(given.devices(List.of()))
                .extracting(each -> each.containerPath() + " " + each.hostPath() + " " + each.permissions())
                .containsExactly("/dev/g0 /dev/null rw", "/dev/g1 /dev/null rw");
        assertThat(given.annotations(Map.of("a", "b"))).isEqualTo(Map.of("a", "b", "example.com/devices", "g0,g1"));
        assertThat(given.cdi()).containsExactly("example.com/gpu=g0", "example.com/gpu=g1");
        assertThat(devices.pods().prepare(parse("""
                        metadata: {uid: b}
                        spec: {containers: [{name: c}]}
                        """), new Container())).isSameAs(GivenDevices.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v1alpha1 | gpu.sock      | example.com/gpu       | requested API version [v1alpha1] is not supported by kubelet. Supported versions are [v1beta1]
            v1beta1  | gpu.sock      | gpu                   | the ResourceName "gpu" is invalid
            v1beta1  | gpu.sock      | kubernetes.io/gpu     | the ResourceName "kubernetes.io/gpu" is invalid
            v1beta1  | gpu.sock      | a.kubernetes.io/gpu   | the ResourceName "a.kubernetes.io/gpu" is invalid
            v1beta1  | gpu.sock      | requests.example/gpu  | the ResourceName "requests.example/gpu" is invalid
            v1beta1  | gpu.sock      | example.com/g pu      | the ResourceName "example.com/g pu" is invalid
            v1beta1  | ../gpu.sock   | example.com/gpu       | the endpoint "../gpu.sock" is invalid
            v1beta1  | ''            | example.com/gpu       | the endpoint "" is invalid
            v1beta1  | kubelet.sock  | example.com/gpu       | the endpoint "kubelet.sock" is invalid
            """)
    void badRegistrationsAreToldWhy(String version, String endpoint, String resource, String problem) {
        assertThat(PretendedPlugin.refusal(root.resolve("device-plugins"), version, endpoint, resource))
                .startsWith(problem);
        assertThat(devices.amounts()).isEqualTo(ExtendedResources.NONE);
    }

    @Test
    void aPluginThatIsNotThereIsNotTaken() {
        assertThat(PretendedPlugin.refusal(root.resolve("device-plugins"), "v1beta1", "nobody.sock", GPU))
                .startsWith("device plugin GetDevicePluginOptions rpc failed");
        assertThat(devices.amounts()).isEqualTo(ExtendedResources.NONE);
        plugin.register(GPU);
        awaitAmounts(3, 3);
    }

    private NodeDevices open() {
        var fresh = new NodeDevices(root, changes::incrementAndGet, () -> now);
        fresh.start();
        return fresh;
    }

    private void awaitAmounts(long capacity, long allocatable) {
        var wanted = new ExtendedResources(Map.of(GPU, capacity), Map.of(GPU, allocatable));
        await().untilAsserted(() -> assertThat(devices.amounts()).isEqualTo(wanted));
    }

    private void assertFails(Pod pod, String message) {
        assertThatThrownBy(() -> devices.pods().give(pod))
                .isInstanceOf(DeviceFailure.class)
                .hasMessage(message);
        assertThat(devices.pods().podUids()).doesNotContain(pod.getMetadata().getUid());
    }

    private static Pod pod(String uid, int amount) {
        return parse("""
                metadata: {uid: %s}
                spec: {containers: [{name: c, resources: {limits: {example.com/gpu: %d}}}]}
                """.formatted(uid, amount));
    }

    private static Pod parse(String yaml) {
        return TestPods.parse(yaml);
    }
}
