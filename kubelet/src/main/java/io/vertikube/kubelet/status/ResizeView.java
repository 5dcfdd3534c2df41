package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.kubelet.resize.ResizePlan;
import java.util.Map;
import java.util.Optional;

/**
 * How far a pod's resources are from what is wanted. Immutable.
 *
 * @param granted by container name
 * @param given what running containers have, by container name
 * @param pending why what is wanted is not granted
 * @param inProgress whether something granted is not given yet, and why if that failed
 */
public record ResizeView(
        Map<String, ResourceRequirements> granted,
        Map<String, ResourceRequirements> given,
        Optional<ResizePlan.Pending> pending,
        Optional<String> inProgress) {

    public static final ResizeView NONE = new ResizeView(Map.of(), Map.of(), Optional.empty(), Optional.empty());

    public ResizeView {
        granted = Map.copyOf(granted);
        given = Map.copyOf(given);
    }
}
