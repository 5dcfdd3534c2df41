package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code persistentVolumeClaim}: a claim's bound volume, of kind {@code local} or {@code hostPath}. */
final class ClaimPlugin implements VolumePlugin {

    private final ClaimSource source;

    ClaimPlugin(ClaimSource source) {
        this.source = source;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getPersistentVolumeClaim() != null || volume.getEphemeral() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        String name = volume.getPersistentVolumeClaim() != null
                ? volume.getPersistentVolumeClaim().getClaimName()
                : context.pod().getMetadata().getName() + "-" + volume.getName();
        boolean readOnly = volume.getPersistentVolumeClaim() != null
                && Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly());
        PersistentVolumeClaim claim = source.claim(context.namespace(), name)
                .orElseThrow(() -> new VolumeFailure("persistentvolumeclaim \"" + name + "\" not found"));
        String phase = claim.getStatus() == null ? null : claim.getStatus().getPhase();
        String bound = claim.getSpec().getVolumeName();
        if (!"Bound".equals(phase) || bound == null || bound.isEmpty()) {
            throw new VolumeFailure("persistentvolumeclaim \"" + name + "\" is not bound");
        }
        PersistentVolume persistent = source.volume(bound)
                .orElseThrow(() -> new VolumeFailure("persistentvolume \"" + bound + "\" not found"));
        var reference = persistent.getSpec().getClaimRef();
        if (reference == null
                || (reference.getUid() != null
                        && !reference.getUid().equals(claim.getMetadata().getUid()))) {
            throw new VolumeFailure(
                    "persistentvolume \"" + bound + "\" is bound to another claim than \"" + name + "\"");
        }
        return new MountedVolume(pathOf(context, persistent), readOnly);
    }

    private static Path pathOf(VolumeContext context, PersistentVolume volume) {
        var spec = volume.getSpec();
        if ("Block".equals(spec.getVolumeMode())) {
            throw new VolumeFailure("persistentvolume \"" + volume.getMetadata().getName()
                    + "\" is a block device, which this node cannot give to pods");
        }
        if (spec.getLocal() != null) {
            Path path = Path.of(spec.getLocal().getPath());
            if (!Files.isDirectory(path)) {
                throw new VolumeFailure("local volume path " + path + " does not exist on this node");
            }
            applyGroup(context, path);
            return path;
        }
        if (spec.getHostPath() != null) {
            String type = spec.getHostPath().getType();
            return HostPathPlugin.checked(spec.getHostPath().getPath(), type == null ? "DirectoryOrCreate" : type);
        }
        throw new VolumeFailure("persistentvolume \"" + volume.getMetadata().getName()
                + "\" is of a kind that this node cannot mount (it can: local, hostPath)");
    }

    private static void applyGroup(VolumeContext context, Path path) {
        if (context.fsGroup().isPresent()) {
            try {
                int mode = (int) Files.getAttribute(path, "unix:mode") & 07777;
                AtomicWriter.setGroup(path, context.fsGroup().getAsLong());
                AtomicWriter.setMode(path, mode | 02770);
            } catch (java.io.IOException e) {
                throw new VolumeFailure("cannot give " + path + " to the pod's group: " + e.getMessage(), e);
            }
        }
    }
}
