package io.vertikube.kubelet.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.csi.v1.VolumeCapability.AccessMode.Mode;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a driver is asked, and what stands on the machine after it. Needs root to bind folders. */
@EnabledIfSystemProperty(named = "user.name", matches = "root")
class CsiMountsTest {

    private static final String DRIVER = "pretended.example.com";

    @TempDir
    Path root;

    @TempDir
    Path driverFolder;

    private final CsiDrivers drivers = new CsiDrivers();
    private PretendedDriver driver;
    private CsiMounts mounts;

    @BeforeEach
    void begin() throws IOException {
        use(RPC.Type.STAGE_UNSTAGE_VOLUME, RPC.Type.EXPAND_VOLUME, RPC.Type.GET_VOLUME_STATS);
    }

    @AfterEach
    void end() throws IOException {
        drivers.close();
        driver.close();
        Mounts.unmountAll(root);
    }

    @Test
    void stagedOnceAMachineAndPublishedOnceAPod() throws IOException {
        Path a = mounts.mount(pod("a"), volume("h"));
        mounts.mount(pod("a"), volume("h"));
        Path b = mounts.mount(pod("b"), volume("h"));
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h", "publish h");
        Files.writeString(a.resolve("file"), "shared");
        assertThat(b.resolve("file")).hasContent("shared");
        assertThat(mounts.inUse()).containsExactly("kubernetes.io/csi/" + DRIVER + "^h");

        mounts.unmountAll(pod("a"));
        assertThat(driver.takeCalls()).containsExactly("unpublish h");
        mounts.unmountAll(pod("b"));
        mounts.unmountAll(pod("b"));
        assertThat(driver.takeCalls()).containsExactly("unpublish h", "unstage h");
        assertThat(mounts.inUse()).isEmpty();
        assertThat(Mounts.under(root)).isEmpty();
    }

    @Test
    void aDriverThatDoesNotStageIsNotAskedTo() throws IOException {
        use();
        mounts.mount(pod("a"), volume("h"));
        mounts.unmountAll(pod("a"));
        assertThat(driver.takeCalls()).containsExactly("publish h", "unpublish h");
        assertThat(driver.published.get("h").getStagingTargetPath()).isEmpty();
    }

    @Test
    void aNewKubeletKnowsWhatTheLastOneMounted() throws IOException {
        mounts.mount(pod("a"), volume("h"));
        driver.takeCalls();
        var next = new CsiMounts(drivers, root, () -> {});
        next.mount(pod("a"), volume("h"));
        assertThat(driver.takeCalls()).isEmpty();
        next.unmountAll(pod("a"));
        assertThat(driver.takeCalls()).containsExactly("unpublish h", "unstage h");
    }

    @Test
    void aMachineThatStartedAgainMountsAgain() throws IOException {
        mounts.mount(pod("a"), volume("h"));
        driver.takeCalls();
        Mounts.unmountAll(root);
        mounts.mount(pod("a"), volume("h"));
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h");
    }

    @Test
    void whatWasStagedForNobodyIsGivenBack() throws IOException {
        driver.failing.put("publish", "no");
        assertThatThrownBy(() -> mounts.mount(pod("a"), volume("h")))
                .hasMessage("MountVolume.SetUp failed for volume \"pv-h\" : rpc error: code = Internal desc = no");
        mounts.unstageLeft();
        assertThat(driver.takeCalls()).as("the pod still wants it").containsExactly("stage h", "publish h");
        Files.delete(CsiLayout.podFolder(pod("a"), "pv-h", false).resolve(CsiRecord.FILE));
        mounts.unstageLeft();
        assertThat(driver.takeCalls()).containsExactly("unstage h");
    }

    @Test
    void aStageThatFailsSaysSo() {
        driver.failing.put("stage", "disk is broken");
        assertThatThrownBy(() -> mounts.mount(pod("a"), volume("h")))
                .isInstanceOf(CsiFailure.class)
                .hasMessage("MountVolume.MountDevice failed for volume \"pv-h\" : rpc error: code = Internal desc ="
                        + " disk is broken");
    }

    @Test
    void aDriverThatIsNotThereIsNamedAndKeepsThePod() throws IOException {
        mounts.mount(pod("a"), volume("h"));
        drivers.remove(DRIVER);
        assertThatThrownBy(() -> mounts.unmountAll(pod("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("driver name " + DRIVER + " not found in the list of registered CSI drivers");
        assertThatThrownBy(() -> mounts.mount(pod("b"), volume("h")))
                .isInstanceOf(CsiFailure.class)
                .hasMessageContaining("not found in the list of registered CSI drivers");
        drivers.add(CsiDriver.connect(DRIVER, driver.socket));
        mounts.unmountAll(pod("a"));
        mounts.unmountAll(pod("b"));
        assertThat(Mounts.under(root)).isEmpty();
    }

    @Test
    void inlineVolumesArePublishedAtEveryLookWhereTheDriverWantsIt() throws IOException {
        var inline = new CsiVolume(
                DRIVER,
                "csi-1",
                "v",
                true,
                true,
                false,
                "",
                List.of(),
                List.of("ReadWriteOnce"),
                Map.of("k", "v"),
                Map.of(),
                Map.of(),
                Map.of("s", "1"),
                OptionalLong.empty(),
                true,
                true);
        mounts.mount(pod("a"), inline);
        mounts.mount(pod("a"), inline);
        mounts.unmountAll(pod("a"));
        assertThat(driver.takeCalls())
                .containsExactly("publish csi-1 read-only", "publish csi-1 read-only", "unpublish csi-1");
        assertThat(driver.published.get("csi-1").getSecretsMap()).containsEntry("s", "1");
        assertThat(driver.published.get("csi-1").getVolumeContextMap()).containsEntry("k", "v");
    }

    @Test
    void groupIsGivenToTheFilesOrToTheDriver() throws IOException {
        Path target = mounts.mount(pod("a"), withGroup(volume("h"), 4321));
        assertThat(Files.getAttribute(target, "unix:gid")).isEqualTo(4321);
        assertThat((int) Files.getAttribute(target, "unix:mode") & 02060).isEqualTo(02060);
        mounts.unmountAll(pod("a"));
        use(RPC.Type.VOLUME_MOUNT_GROUP);
        Path other = mounts.mount(pod("a"), withGroup(volume("i"), 4321));
        assertThat(Files.getAttribute(other, "unix:gid")).isEqualTo(0);
        assertThat(driver.published.get("i").getVolumeCapability().getMount().getVolumeMountGroup())
                .isEqualTo("4321");
    }

    @Test
    void growsAndIsMeasured() throws IOException {
        mounts.mount(pod("a"), volume("h"));
        assertThat(mounts.expand(pod("a"), volume("h"), 1 << 20)).isTrue();
        assertThat(mounts.usage(pod("a"), "pv-h").orElseThrow().usedBytes()).isEqualTo(30);
        assertThat(driver.takeCalls()).containsExactly("stage h", "publish h", "expand h 1048576", "stats h");
        mounts.unmountAll(pod("a"));
        use();
        mounts.mount(pod("a"), volume("h"));
        assertThat(mounts.expand(pod("a"), volume("h"), 1 << 20)).isFalse();
        assertThat(mounts.usage(pod("a"), "pv-h")).isEmpty();
    }

    @Test
    void blockVolumesAreDevices() throws IOException {
        var block = new CsiVolume(
                DRIVER,
                "b",
                "pv-b",
                false,
                false,
                true,
                "",
                List.of(),
                List.of("ReadWriteOnce"),
                Map.of(),
                Map.of("devicePath", "/dev/x"),
                Map.of(),
                Map.of(),
                OptionalLong.empty(),
                true,
                false);
        Path device = mounts.mount(pod("a"), block);
        assertThat((int) Files.getAttribute(device, "unix:mode") & 0170000).isEqualTo(0020000);
        assertThat(driver.staged.get("b").getPublishContextMap()).containsEntry("devicePath", "/dev/x");
        mounts.unmountAll(pod("a"));
        assertThat(driver.takeCalls()).containsExactly("stage b", "publish b", "unpublish b", "unstage b");
        assertThat(Mounts.under(root)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ReadWriteOnce                | false | SINGLE_NODE_WRITER",
                "ReadWriteOnce                | true  | SINGLE_NODE_MULTI_WRITER",
                "ReadWriteOncePod             | false | SINGLE_NODE_WRITER",
                "ReadWriteOncePod             | true  | SINGLE_NODE_SINGLE_WRITER",
                "ReadOnlyMany                 | true  | MULTI_NODE_READER_ONLY",
                "ReadWriteOnce,ReadOnlyMany   | false | SINGLE_NODE_WRITER",
                "ReadWriteOnce,ReadWriteMany  | true  | MULTI_NODE_MULTI_WRITER"
            })
    void accessModes(String modes, boolean newer, Mode expected) {
        assertThat(CsiCapability.mode(List.of(modes.split(",")), newer)).isEqualTo(expected);
    }

    private void use(RPC.Type... capabilities) throws IOException {
        if (driver != null) {
            driver.close();
        }
        Path folder = Files.createTempDirectory(driverFolder, "d");
        driver = new PretendedDriver(folder, DRIVER, capabilities);
        drivers.add(CsiDriver.connect(DRIVER, driver.socket));
        mounts = new CsiMounts(drivers, root, () -> {});
    }

    private Path pod(String uid) {
        return root.resolve("pods").resolve(uid);
    }

    private static CsiVolume volume(String handle) {
        return new CsiVolume(
                DRIVER,
                handle,
                "pv-" + handle,
                false,
                false,
                false,
                "ext4",
                List.of("noatime"),
                List.of("ReadWriteOnce"),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                OptionalLong.empty(),
                true,
                false);
    }

    private static CsiVolume withGroup(CsiVolume volume, long group) {
        return new CsiVolume(
                DRIVER,
                volume.handle(),
                volume.name(),
                false,
                false,
                false,
                "ext4",
                List.of(),
                List.of("ReadWriteOnce"),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                OptionalLong.of(group),
                true,
                false);
    }
}
