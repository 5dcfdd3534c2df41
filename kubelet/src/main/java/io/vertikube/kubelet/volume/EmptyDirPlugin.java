package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.value.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code emptyDir}: a folder of the pod, or memory mounted on it, in pages of the usual size or of another. */
final class EmptyDirPlugin implements VolumePlugin {

    private static final int OPEN_TO_ALL = 0777;
    private static final int SET_GROUP = 02000;

    @Override
    public boolean handles(Volume volume) {
        return volume.getEmptyDir() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        Path folder = context.folder("kubernetes.io~empty-dir", volume.getName());
        EmptyDirVolumeSource source = volume.getEmptyDir();
        try {
            boolean fresh = Files.notExists(folder);
            Files.createDirectories(folder);
            if (!EmptyDirMedium.onDisk(source) && !Mounts.isMountPoint(folder)) {
                mount(folder, source, context.pod());
                fresh = true;
            }
            if (fresh) {
                AtomicWriter.setMode(folder, OPEN_TO_ALL);
                if (context.fsGroup().isPresent()) {
                    AtomicWriter.setGroup(folder, context.fsGroup().getAsLong());
                    AtomicWriter.setMode(folder, OPEN_TO_ALL | SET_GROUP);
                }
            }
        } catch (IOException e) {
            throw new VolumeFailure("cannot make emptyDir: " + e.getMessage(), e);
        }
        return MountedVolume.own(folder, false);
    }

    private static void mount(Path folder, EmptyDirVolumeSource source, Pod pod) throws IOException {
        if (EmptyDirMedium.medium(source).equals(EmptyDirMedium.MEMORY)) {
            Mounts.tmpfs(folder, sizeOf(source.getSizeLimit()));
        } else if (EmptyDirMedium.onPages(source)) {
            Mounts.largePages(folder, EmptyDirMedium.pageSize(source, pod), sizeOf(source.getSizeLimit()));
        } else {
            throw new VolumeFailure(
                    "emptyDir medium \"" + source.getMedium() + "\" is none of Memory, HugePages, HugePages-<size>");
        }
    }

    private static long sizeOf(Quantity limit) {
        return limit == null ? 0 : Quantities.value(limit.toString());
    }
}
