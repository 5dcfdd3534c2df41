package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.vertikube.client.PatchType;
import io.vertikube.kubelet.csi.PretendedDriver;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.kubelet.runtime.Shell;
import io.vertikube.kubelet.source.ChangeDetection;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of a driver, and devices, in real containers; a node's own identity reads what it needs of the API. */
class VolumesOnContainerdTest {

    private static final String DRIVER = "pretended.example.com";
    private static final String NODE = "node-v";

    @TempDir
    static Path folder;

    private static ContainerdCluster machine;
    private static KubeletOptions options;
    private static PretendedDriver driver;

    @BeforeAll
    static void start() throws Exception {
        machine = ContainerdCluster.start(9, folder);
        options = machine.options(NODE, folder.resolve("kubelet"), NodePolicies.NONE.with(ChangeDetection.WATCH));
        machine.kubelet(options);
        driver = new PretendedDriver(
                Files.createDirectories(folder.resolve("driver")),
                DRIVER,
                RPC.Type.STAGE_UNSTAGE_VOLUME,
                RPC.Type.GET_VOLUME_STATS);
        driver.register(folder.resolve("kubelet/plugins_registry/d.sock"), "CSIPlugin", List.of("1.0.0"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (machine != null) {
            machine.close();
        }
        if (driver != null) {
            driver.close();
        }
    }

    @Test
    void aDriversVolumeIsInTheContainerUntilThePodGoesWhoeverIsTheKubelet() throws Exception {
        await().until(() -> !machine.api
                .client
                .of(CSINode.class)
                .get("", NODE)
                .getSpec()
                .getDrivers()
                .isEmpty());
        machine.api
                .client
                .of(CSIDriver.class)
                .create(TestPods.parse(
                        "{metadata: {name: " + DRIVER + "}, spec: {attachRequired: false}}", CSIDriver.class));
        machine.api
                .client
                .of(Secret.class)
                .create(TestPods.parse(
                        "{metadata: {namespace: default, name: login}, stringData: {user: me}}", Secret.class));
        bound(
                "data",
                "Filesystem",
                "csi: {driver: " + DRIVER + ", volumeHandle: h, fsType: ext4, nodeStageSecretRef:"
                        + " {namespace: default, name: login}}");
        machine.create("""
                metadata: {name: user, namespace: default}
                spec:
                  nodeName: node-v
                  terminationGracePeriodSeconds: 1
                  securityContext: {fsGroup: 4321}
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "printf %%s `stat -c %%g /data` > /data/group; sleep 1000"]
                    volumeMounts: [{name: v, mountPath: /data}]
                  volumes:
                  - {name: v, persistentVolumeClaim: {claimName: data}}
                """);
        await().until(() -> machine.kubectl
                .run("exec", "user", "--", "cat", "/data/group")
                .output()
                .equals("4321"));
        assertThat(driver.staged.get("h").getSecretsMap()).containsEntry("user", "me");
        assertThat(folder.resolve("driver/store/h/group")).hasContent("4321");
        await().until(() -> List.of("kubernetes.io/csi/" + DRIVER + "^h")
                .equals(machine.api
                        .client
                        .of(io.fabric8.kubernetes.api.model.Node.class)
                        .get("", NODE)
                        .getStatus()
                        .getVolumesInUse()));
        await().untilAsserted(() -> assertThat(machine.kubeletSays(NODE, "metrics"))
                .contains(
                        "kubelet_volume_stats_used_bytes{namespace=\"default\",persistentvolumeclaim=\"data\"} 30\n"));
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h", "stats h");

        machine.kubelet(options);
        machine.api.client.of(Pod.class).delete("default", "user");
        await().until(() -> machine.api.find("user").isEmpty());
        assertThat(driver.takeCalls()).containsExactly("unpublish h", "unstage h");
        assertThat(folder.resolve("driver/store/h/group")).exists();
    }

    @Test
    void aFileIsADeviceInTheContainer() throws Exception {
        Path image = folder.resolve("disk.img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
            file.writeBytes("first words");
        }
        bound(
                "disk",
                "Block",
                "local: {path: " + image + "}, nodeAffinity: {required: {nodeSelectorTerms: [{"
                        + "matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-v]}]}]}}");
        machine.create("""
                metadata: {name: block, namespace: default}
                spec:
                  nodeName: node-v
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "sleep 1000"]
                    volumeDevices: [{name: v, devicePath: /dev/disk}]
                  volumes:
                  - {name: v, persistentVolumeClaim: {claimName: disk}}
                """);
        await().until(() -> machine.kubectl
                .run("exec", "block", "--", "head", "-c", "11", "/dev/disk")
                .output()
                .equals("first words"));
        assertThat(loops(image)).isNotEmpty();
        machine.api.client.of(Pod.class).delete("default", "block");
        await().until(() -> machine.api.find("block").isEmpty());
        assertThat(loops(image)).isEmpty();
    }

    @Test
    void mountsAreSeenAcrossAsFarAsAContainerWants() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Shell.run("mount", "-t", "tmpfs", "vertikube-test", shared.toString());
        Shell.run("mount", "--make-shared", shared.toString());
        machine.create("""
                metadata: {name: across, namespace: default}
                spec:
                  nodeName: node-v
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: none
                    image: %1$s
                    command: [sh, -c, "sleep 1000"]
                    volumeMounts: [{name: v, mountPath: /m}]
                  - name: hears
                    image: %1$s
                    command: [sh, -c, "sleep 1000"]
                    volumeMounts: [{name: v, mountPath: /m, mountPropagation: HostToContainer}]
                  - name: says
                    image: %1$s
                    command: [sh, -c, "sleep 1000"]
                    securityContext: {privileged: true}
                    volumeMounts: [{name: v, mountPath: /m, mountPropagation: Bidirectional}]
                  volumes:
                  - {name: v, hostPath: {path: SHARED, type: Directory}}
                """.replace("SHARED", shared.toString()));
        await().until(() -> machine.api.pod("across").getStatus().getContainerStatuses().stream()
                        .filter(status -> status.getState().getRunning() != null)
                        .count()
                == 3);
        Path late = Files.createDirectory(shared.resolve("late"));
        Shell.run("mount", "-t", "tmpfs", "vertikube-test", late.toString());
        Files.createFile(late.resolve("seen"));
        assertThat(inside("none", "ls /m/late")).isEmpty();
        assertThat(inside("hears", "ls /m/late")).isEqualTo("seen");
        assertThat(inside("says", "mkdir /m/inner && mount -t tmpfs t /m/inner && touch /m/inner/told"))
                .isEmpty();
        assertThat(shared.resolve("inner/told")).exists();
        assertThat(inside("hears", "ls /m/inner")).isEqualTo("told");
        assertThat(inside("none", "ls /m/inner")).isEmpty();
        machine.api.client.of(Pod.class).delete("default", "across");
        await().until(() -> machine.api.find("across").isEmpty());
        assertThat(late.resolve("seen")).as("what the machine mounted stays").exists();
        Mounts.unmountAll(shared);
    }

    private static String inside(String container, String script) throws Exception {
        return machine.kubectl
                .run("exec", "across", "-c", container, "--", "sh", "-c", script)
                .output()
                .strip();
    }

    private static String loops(Path file) throws IOException {
        Process process =
                new ProcessBuilder("losetup", "--associated", file.toRealPath().toString()).start();
        return new String(process.getInputStream().readAllBytes()).strip();
    }

    /** A claim and its volume, bound as a controller would have done it. */
    private static void bound(String name, String mode, String source) {
        machine.api
                .client
                .of(PersistentVolumeClaim.class)
                .create(TestPods.parse("""
                metadata: {namespace: default, name: %1$s}
                spec: {accessModes: [ReadWriteOnce], volumeMode: %2$s, storageClassName: none, volumeName: pv-%1$s,
                  resources: {requests: {storage: 1Mi}}}
                """.formatted(name, mode), PersistentVolumeClaim.class));
        machine.api
                .client
                .of(PersistentVolume.class)
                .create(TestPods.parse("""
                metadata: {name: pv-%1$s}
                spec: {accessModes: [ReadWriteOnce], volumeMode: %2$s, storageClassName: none, capacity: {storage: 1Mi},
                  claimRef: {namespace: default, name: %1$s}, %3$s}
                """.formatted(name, mode, source), PersistentVolume.class));
        machine.api
                .client
                .of(PersistentVolumeClaim.class)
                .patch("default", name, PatchType.MERGE, "{\"status\":{\"phase\":\"Bound\"}}".getBytes(), "status");
    }

    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().atMost(ContainerdCluster.SOON).ignoreExceptions();
    }
}
