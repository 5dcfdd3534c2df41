package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Optional;

/** Which claims a pod uses. Pure. */
public final class PodClaims {
    private PodClaims() {}

    /** Names of claims in the pod's namespace, those of its own ephemeral volumes included. */
    public static List<String> names(Pod pod) {
        return Fields.list(pod.getSpec().getVolumes()).stream()
                .map(volume -> name(pod, volume))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The claim behind an ephemeral volume of a pod. */
    public static String ephemeral(Pod pod, Volume volume) {
        return pod.getMetadata().getName() + "-" + volume.getName();
    }

    private static Optional<String> name(Pod pod, Volume volume) {
        if (volume.getPersistentVolumeClaim() != null) {
            return Optional.of(volume.getPersistentVolumeClaim().getClaimName());
        }
        return volume.getEphemeral() == null ? Optional.empty() : Optional.of(ephemeral(pod, volume));
    }
}
