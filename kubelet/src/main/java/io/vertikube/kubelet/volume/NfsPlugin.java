package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.NFSVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.kernel.MachineCommands;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * {@code nfs}, in pods and behind claims: mounted by mount(8), which needs the machine's {@code mount.nfs}. Safe for any
 * thread.
 */
final class NfsPlugin implements VolumePlugin {

    private static final List<Path> HELPERS = List.of(Path.of("/sbin/mount.nfs"), Path.of("/usr/sbin/mount.nfs"));

    private final MachineCommands commands;
    private final List<Path> helpers;

    NfsPlugin() {
        this(MachineCommands.INSTALLED, HELPERS);
    }

    /** {@code helpers}: where the program may be that speaks NFS for mount(8). */
    NfsPlugin(MachineCommands commands, List<Path> helpers) {
        this.commands = commands;
        this.helpers = List.copyOf(helpers);
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getNfs() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        return mounted(context, volume.getName(), volume.getNfs(), List.of(), false);
    }

    MountedVolume ofClaim(VolumeContext context, PersistentVolume volume, boolean readOnly) {
        return mounted(
                context,
                volume.getMetadata().getName(),
                volume.getSpec().getNfs(),
                Objects.requireNonNullElse(volume.getSpec().getMountOptions(), List.of()),
                readOnly);
    }

    private MountedVolume mounted(
            VolumeContext context, String name, NFSVolumeSource nfs, List<String> mountOptions, boolean wantsReadOnly) {
        Path folder = context.folder("kubernetes.io~nfs", name);
        boolean readOnly = wantsReadOnly || Boolean.TRUE.equals(nfs.getReadOnly());
        try {
            if (Mounts.isMountPoint(folder)) {
                return new MountedVolume(folder, readOnly);
            }
            if (helpers.stream().noneMatch(Files::isExecutable)) {
                throw new VolumeFailure("mount failed: this node has no " + helpers.getFirst()
                        + ", which mounts NFS: install it (package nfs-common or nfs-utils)");
            }
            Files.createDirectories(folder);
            var command = new ArrayList<>(List.of("mount", "-t", "nfs"));
            var options = new ArrayList<>(mountOptions);
            if (readOnly) {
                options.add("ro");
            }
            if (!options.isEmpty()) {
                command.addAll(List.of("-o", String.join(",", options)));
            }
            command.add(nfs.getServer() + ":" + nfs.getPath());
            command.add(folder.toString());
            MachineCommands.Result result = commands.run(command);
            if (result.status() != 0) {
                throw new VolumeFailure("mount failed: exit status " + result.status() + "\nMounting command: mount"
                        + "\nMounting arguments: " + String.join(" ", command.subList(1, command.size())) + "\nOutput: "
                        + result.output());
            }
        } catch (IOException e) {
            throw new VolumeFailure("mount failed: " + e.getMessage(), e);
        }
        return new MountedVolume(folder, readOnly);
    }
}
