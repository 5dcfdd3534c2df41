package io.vertikube.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.csi.CsiDriver;
import io.vertikube.kubelet.csi.CsiDrivers;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.csi.PretendedDriver;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.env.FieldValues;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API says of a volume, as its driver hears it. Needs root to bind folders. */
@EnabledIfSystemProperty(named = "user.name", matches = "root")
class CsiPluginTest {

    private static final String NAME = "pretended.example.com";
    private static final String CLAIM = "{name: v, persistentVolumeClaim: {claimName: c}}";

    @TempDir
    Path root;

    @TempDir
    Path driverFolder;

    private final CsiDrivers drivers = new CsiDrivers();
    private final List<String> events = new ArrayList<>();
    private final Map<String, VolumeAttachment> attachments = new HashMap<>();
    private final List<String> grown = new ArrayList<>();
    private PretendedDriver driver;
    private String csiDriver = "";
    private String claim = "";
    private String persistent = "";

    @BeforeEach
    void begin() throws IOException {
        driver = new PretendedDriver(driverFolder, NAME, RPC.Type.STAGE_UNSTAGE_VOLUME, RPC.Type.EXPAND_VOLUME);
        drivers.add(CsiDriver.connect(NAME, driver.socket));
        csiDriver = "{metadata: {name: %s}, spec: {attachRequired: false}}".formatted(NAME);
        claim = "{metadata: {name: c, namespace: n, uid: cu}, spec: {volumeName: pv},"
                + " status: {phase: Bound, capacity: {storage: 1Gi}}}";
        persistent = "{metadata: {name: pv}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce],"
                + " mountOptions: [noatime], claimRef: {name: c, uid: cu}, csi: {driver: %s, volumeHandle: h, fsType: xfs,"
                        .formatted(NAME)
                + " volumeAttributes: {a: b}, nodeStageSecretRef: {namespace: s, name: stage},"
                + " nodePublishSecretRef: {namespace: s, name: publish}}}}";
    }

    @AfterEach
    void end() throws IOException {
        drivers.close();
        driver.close();
        Mounts.unmountAll(root);
    }

    @Test
    void aClaimsVolumeIsStagedAndPublished() throws IOException {
        PodVolumes volumes = volumes();
        MountedVolume volume = SettingUp.all(volumes, pod(CLAIM), fields()).get("v");
        assertThat(volume)
                .isEqualTo(new MountedVolume(
                        root.resolve("pods/u/volumes/kubernetes.io~csi/pv/mount"), false, false, true));
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h");
        var stage = driver.staged.get("h");
        assertThat(stage.getVolumeCapability().getMount().getFsType()).isEqualTo("xfs");
        assertThat(stage.getVolumeCapability().getMount().getMountFlagsList()).containsExactly("noatime");
        assertThat(stage.getSecretsMap()).containsEntry("of", "s/stage");
        assertThat(driver.published.get("h").getSecretsMap()).containsEntry("of", "s/publish");
        assertThat(driver.published.get("h").getVolumeContextMap()).containsOnly(Map.entry("a", "b"));
        volumes.tearDown("u");
        assertThat(driver.takeCalls()).containsExactly("unpublish h", "unstage h");
        assertThat(volumes.podDir("u")).doesNotExist();
    }

    @Test
    void waitsUntilTheVolumeIsAttached() {
        csiDriver = "{metadata: {name: %s}, spec: {}}".formatted(NAME);
        String name = "csi-" + sha256("h" + NAME + "node");
        assertThatThrownBy(() -> SettingUp.all(volumes(), pod(CLAIM), fields()))
                .isInstanceOfSatisfying(
                        VolumeFailure.class, e -> assertThat(e.isWaiting()).isTrue())
                .hasMessage("MountVolume.WaitForAttach failed for volume \"pv\" : volume h is not attached to this node"
                        + " yet: VolumeAttachment " + name + " does not exist");
        attachments.put(
                name,
                TestPods.parse(
                        "{metadata: {name: x}, spec: {}, status: {attached: false,"
                                + " attachError: {message: no path}}}",
                        VolumeAttachment.class));
        assertThatThrownBy(() -> SettingUp.all(volumes(), pod(CLAIM), fields())).hasMessageEndingWith(": no path");
        attachments.put(
                name,
                TestPods.parse(
                        "{metadata: {name: x}, spec: {}, status: {attached: true,"
                                + " attachmentMetadata: {device: sdb}}}",
                        VolumeAttachment.class));
        SettingUp.all(volumes(), pod(CLAIM), fields());
        assertThat(driver.published.get("h").getPublishContextMap()).containsEntry("device", "sdb");
        assertThat(driver.staged.get("h").getPublishContextMap()).containsEntry("device", "sdb");
    }

    @Test
    void driversMayAskWhoseVolumeItIsAndForTokens() {
        csiDriver = "{metadata: {name: %s}, spec: {attachRequired: false, podInfoOnMount: true, tokenRequests:"
                        .formatted(NAME)
                + " [{audience: vault, expirationSeconds: 600}], volumeLifecycleModes: [Ephemeral]}}";
        SettingUp.all(
                volumes(),
                pod("{name: v, csi: {driver: %s, readOnly: true, volumeAttributes: {k: w},".formatted(NAME)
                        + " nodePublishSecretRef: {name: mine}}}"),
                fields());
        String handle = "csi-" + sha256("uv");
        assertThat(driver.takeCalls()).containsExactly("publish " + handle + " read-only");
        assertThat(PretendedDriver.sorted(driver.published.get(handle).getVolumeContextMap()))
                .isEqualTo("{csi.storage.k8s.io/ephemeral=true, csi.storage.k8s.io/pod.name=p,"
                        + " csi.storage.k8s.io/pod.namespace=n, csi.storage.k8s.io/pod.uid=u,"
                        + " csi.storage.k8s.io/serviceAccount.name=default,"
                        + " csi.storage.k8s.io/serviceAccount.tokens={\"vault\":{\"token\":\"token-600\","
                        + "\"expirationTimestamp\":\"1970-01-01T00:00:00Z\"}}, k=w}");
        assertThat(driver.published.get(handle).getSecretsMap()).containsEntry("of", "n/mine");
    }

    @Test
    void inlineVolumesNeedADriverThatAllowsThem() {
        String inline = "{name: v, csi: {driver: %s}}".formatted(NAME);
        assertThatThrownBy(() -> SettingUp.all(volumes(), pod(inline), fields()))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : volume mode \"Ephemeral\" not supported by"
                        + " driver " + NAME + " (only supports [Persistent])");
        csiDriver = "";
        assertThatThrownBy(() -> SettingUp.all(volumes(), pod(inline), fields()))
                .hasMessageEndingWith("driver " + NAME + " (no CSIDriver object)");
    }

    @Test
    void aVolumeThatHasGrownGrowsWhereItIsMounted() {
        persistent = persistent.replace("storage: 1Gi", "storage: 2Gi");
        SettingUp.all(volumes(), pod(CLAIM), fields());
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h", "expand h 2147483648");
        assertThat(grown).containsExactly("c 2Gi");
        assertThat(events)
                .containsExactly(
                        "Normal FileSystemResizeSuccessful MountVolume.NodeExpandVolume succeeded for volume \"pv\"");
        driver.failing.put("expand", "busy");
        SettingUp.all(volumes(), pod(CLAIM), fields());
        assertThat(events)
                .contains("Warning VolumeResizeFailed NodeExpandVolume failed for volume \"pv\" : rpc error: code ="
                        + " Internal desc = busy");
        assertThat(grown).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "            | false | false | ext4 | ReadWriteOnce    | true",
                "            | false | false | ''   | ReadWriteOnce    | false",
                "            | false | false | ext4 | ReadWriteMany    | false",
                "            | false | false | ext4 | ReadWriteOncePod | true",
                "            | false | true  | ext4 | ReadWriteOnce    | false",
                "            | true  | false | ext4 | ''               | true",
                "File        | false | false | ''   | ReadWriteMany    | true",
                "File        | false | true  | ''   | ReadWriteMany    | false",
                "None        | false | false | ext4 | ReadWriteOnce    | false"
            })
    void whoseGroupFilesGet(
            String policy, boolean inline, boolean readOnly, String fsType, String modes, boolean expected) {
        CSIDriver object =
                TestPods.parse("{spec: {" + (policy == null ? "" : "fsGroupPolicy: " + policy) + "}}", CSIDriver.class);
        assertThat(CsiPolicy.of(NAME, Optional.of(object)).givesGroup(inline, readOnly, fsType, List.of(modes)))
                .isEqualTo(expected);
    }

    private static String sha256(String text) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private PodVolumes volumes() {
        var source = new Cluster();
        return new PodVolumes(
                root,
                new NoConfigs(),
                (pod, audience, seconds) -> new TokenSource.Issued("token-" + seconds, Instant.EPOCH),
                source,
                HostPaths.ofMachine(),
                new LocalFolders(root, false),
                new CsiAccess(
                        "node",
                        source,
                        new CsiMounts(drivers, root, () -> {}),
                        (pod, type, reason, message) -> events.add(type + " " + reason + " " + message)),
                true);
    }

    private static FieldValues fields() {
        return new FieldValues(List.of(), List.of(), Map.of());
    }

    private static Pod pod(String volume) {
        return TestPods.parse("{metadata: {name: p, namespace: n, uid: u}, spec: {containers: [{name: c, image: i}],"
                + " volumes: [" + volume + "]}}");
    }

    private static final class NoConfigs implements io.vertikube.kubelet.env.ConfigSource {
        @Override
        public Optional<io.fabric8.kubernetes.api.model.ConfigMap> configMap(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<io.fabric8.kubernetes.api.model.Secret> secret(String namespace, String name) {
            return Optional.empty();
        }
    }

    private final class Cluster implements CsiSource, ClaimSource {

        @Override
        public Optional<CSIDriver> driver(String name) {
            return csiDriver.isEmpty() ? Optional.empty() : Optional.of(TestPods.parse(csiDriver, CSIDriver.class));
        }

        @Override
        public Optional<VolumeAttachment> attachment(String name) {
            return Optional.ofNullable(attachments.get(name));
        }

        @Override
        public Map<String, String> secret(String namespace, String name) {
            return Map.of("of", namespace + "/" + name);
        }

        @Override
        public Optional<PersistentVolumeClaim> claim(String namespace, String name) {
            return Optional.of(TestPods.parse(claim, PersistentVolumeClaim.class));
        }

        @Override
        public Optional<PersistentVolume> volume(String name) {
            return Optional.of(TestPods.parse(persistent, PersistentVolume.class));
        }

        @Override
        public void grown(PersistentVolumeClaim changed, Quantity size) {
            grown.add(changed.getMetadata().getName() + " " + size);
        }
    }
}
