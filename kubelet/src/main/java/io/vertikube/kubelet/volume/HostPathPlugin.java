package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Volume;

/** {@code hostPath} with its types (API reference, HostPathVolumeSource). */
final class HostPathPlugin implements VolumePlugin {

    private final HostPaths paths;

    HostPathPlugin(HostPaths paths) {
        this.paths = paths;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getHostPath() != null;
    }

    @Override
    public MountedVolume setUp(VolumeContext context, Volume volume) {
        String type = volume.getHostPath().getType();
        return new MountedVolume(paths.checked(volume.getHostPath().getPath(), type == null ? "" : type), false);
    }
}
