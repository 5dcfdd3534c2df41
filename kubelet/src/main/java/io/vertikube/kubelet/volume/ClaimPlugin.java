package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;

/** {@code persistentVolumeClaim}: a claim's bound volume, of kind {@code csi}, {@code nfs}, {@code local} or {@code hostPath}. */
final class ClaimPlugin implements VolumePlugin {

    private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    private static final String LOCAL_PATH = "vertikube.io/local-path";

    private final ClaimSource source;
    private final HostPaths hostPaths;
    private final LocalFolders folders;
    private final CsiPlugin csi;
    private final NfsPlugin nfs;
    private final LoopDevices devices;

    ClaimPlugin(
            ClaimSource source,
            HostPaths hostPaths,
            LocalFolders folders,
            CsiPlugin csi,
            NfsPlugin nfs,
            LoopDevices devices) {
        this.source = source;
        this.hostPaths = hostPaths;
        this.folders = folders;
        this.csi = csi;
        this.nfs = nfs;
        this.devices = devices;
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
        if (persistent.getSpec().getCsi() != null) {
            return csi.ofClaim(context, claim, persistent, readOnly);
        }
        if (persistent.getSpec().getNfs() != null) {
            return nfs.ofClaim(context, persistent, readOnly);
        }
        if ("Block".equals(persistent.getSpec().getVolumeMode())) {
            return new MountedVolume(deviceOf(context, persistent), readOnly, true, false);
        }
        return new MountedVolume(pathOf(context, persistent), readOnly, false, !readOnly && isThisNodes(persistent));
    }

    private Path deviceOf(VolumeContext context, PersistentVolume volume) {
        String name = volume.getMetadata().getName();
        if (volume.getSpec().getLocal() == null) {
            throw new VolumeFailure("persistentvolume \"" + name
                    + "\" has volumeMode Block, which its kind does not have (these do: csi, local)");
        }
        try {
            return devices.device(
                    context.podDir(), name, Path.of(volume.getSpec().getLocal().getPath()));
        } catch (IOException e) {
            throw new VolumeFailure("cannot have a block device for \"" + name + "\": " + e.getMessage(), e);
        }
    }

    private Path pathOf(VolumeContext context, PersistentVolume volume) {
        var spec = volume.getSpec();
        if (spec.getLocal() != null) {
            Path path = hostPaths.checked(spec.getLocal().getPath(), "Directory");
            LocalFolders.applyGroup(context, path);
            return path;
        }
        if (spec.getHostPath() != null) {
            String path = spec.getHostPath().getPath();
            if (isLocalPath(volume)) {
                return folders.folder(context, volume.getMetadata().getName(), path);
            }
            String type = spec.getHostPath().getType();
            return hostPaths.checked(path, type == null ? "" : type);
        }
        throw new VolumeFailure("persistentvolume \"" + volume.getMetadata().getName()
                + "\" is of a kind that this node cannot mount (it can: csi, nfs, local, hostPath)");
    }

    /** Other than a path of the machine, where the machine's own files may be. */
    private static boolean isThisNodes(PersistentVolume volume) {
        return volume.getSpec().getLocal() != null || isLocalPath(volume);
    }

    private static boolean isLocalPath(PersistentVolume volume) {
        var annotations = volume.getMetadata().getAnnotations();
        return annotations != null && LOCAL_PATH.equals(annotations.get(PROVISIONED_BY));
    }
}
