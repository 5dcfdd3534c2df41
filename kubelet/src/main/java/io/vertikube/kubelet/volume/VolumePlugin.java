package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Volume;

/** Makes one kind of volume. Called again and again while the pod lives: doing it twice is harmless. */
interface VolumePlugin {

    boolean handles(Volume volume);

    /** Makes or refreshes it; what is not to be had is a {@link VolumeFailure}. */
    MountedVolume setUp(VolumeContext context, Volume volume);
}
