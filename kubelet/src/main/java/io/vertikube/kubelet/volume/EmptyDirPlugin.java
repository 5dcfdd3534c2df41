package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.value.Quantities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code emptyDir}: a folder of the pod, or memory mounted on it. */
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
        String medium = volume.getEmptyDir().getMedium();
        try {
            boolean fresh = Files.notExists(folder);
            Files.createDirectories(folder);
            if ("Memory".equals(medium)) {
                if (!Mounts.isMountPoint(folder)) {
                    Mounts.tmpfs(folder, sizeOf(volume.getEmptyDir().getSizeLimit()));
                    fresh = true;
                }
            } else if (medium != null && !medium.isEmpty()) {
                throw new VolumeFailure("emptyDir medium \"" + medium + "\" is not supported on this node");
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
        return new MountedVolume(folder, false);
    }

    private static long sizeOf(Quantity limit) {
        return limit == null ? 0 : Quantities.value(limit.toString());
    }
}
