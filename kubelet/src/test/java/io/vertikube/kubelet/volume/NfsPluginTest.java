package io.vertikube.kubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.env.FieldValues;
import io.vertikube.kubelet.kernel.MachineCommands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NfsPluginTest {

    private static final List<Path> PRESENT = List.of(Path.of("/bin/sh"));

    @TempDir
    Path root;

    private final List<String> commands = new ArrayList<>();
    private MachineCommands.Result result = new MachineCommands.Result(0, "");

    @Test
    void aPodsVolumeIsMountedWithItsOptions() {
        var volume = TestPods.parse("{name: v, nfs: {server: fs, path: /export, readOnly: true}}", Volume.class);
        assertThat(plugin(PRESENT).handles(volume)).isTrue();
        MountedVolume mounted = plugin(PRESENT).setUp(context(), volume);
        assertThat(mounted.readOnly()).isTrue();
        assertThat(commands)
                .containsExactly("mount -t nfs -o ro fs:/export " + root.resolve("volumes/kubernetes.io~nfs/v"));
    }

    @Test
    void aClaimsVolumeIsMountedWithTheVolumesOptions() {
        var volume = TestPods.parse(
                "{metadata: {name: pv}, spec: {mountOptions: [nfsvers=4.1, hard], nfs: {server: fs, path: /}}}",
                PersistentVolume.class);
        plugin(PRESENT).ofClaim(context(), volume, false);
        assertThat(commands)
                .containsExactly(
                        "mount -t nfs -o nfsvers=4.1,hard fs:/ " + root.resolve("volumes/kubernetes.io~nfs/pv"));
    }

    @Test
    void whatMountSaysIsTold() {
        result = new MachineCommands.Result(32, "mount.nfs: Connection refused");
        assertThatThrownBy(() -> plugin(PRESENT)
                        .setUp(context(), TestPods.parse("{name: v, nfs: {server: fs, path: /x}}", Volume.class)))
                .isInstanceOf(VolumeFailure.class)
                .hasMessage("mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs fs:/x "
                        + root.resolve("volumes/kubernetes.io~nfs/v") + "\nOutput: mount.nfs: Connection refused");
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(() -> plugin(List.of(root.resolve("mount.nfs")))
                        .setUp(context(), TestPods.parse("{name: v, nfs: {server: fs, path: /x}}", Volume.class)))
                .hasMessage("mount failed: this node has no " + root.resolve("mount.nfs")
                        + ", which mounts NFS: install it (package nfs-common or nfs-utils)");
        assertThat(commands).isEmpty();
    }

    private NfsPlugin plugin(List<Path> helpers) {
        return new NfsPlugin(
                command -> {
                    commands.add(String.join(" ", command));
                    return result;
                },
                helpers);
    }

    private VolumeContext context() {
        Pod pod = TestPods.parse("{metadata: {name: p, namespace: n, uid: u}, spec: {}}");
        return new VolumeContext(pod, root, new FieldValues(List.of(), List.of(), Map.of()));
    }
}
