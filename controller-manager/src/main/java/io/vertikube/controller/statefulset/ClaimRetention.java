package io.vertikube.controller.statefulset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.vertikube.controller.workload.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who owns a claim, so that it goes when its retention policy says so: nobody, the set, or the pod that is being scaled away. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention">
 *     PersistentVolumeClaim retention</a>
 */
final class ClaimRetention {
    private ClaimRetention() {}

    /**
     * The owner references to write; absent when they stand.
     *
     * @param surplusPod the claim's pod when it is beyond the set's size
     */
    static Optional<List<OwnerReference>> owners(
            StatefulSet set, PersistentVolumeClaim claim, Optional<Pod> surplusPod, List<Pod> pods) {
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        boolean withSet = policy != null && "Delete".equals(policy.getWhenDeleted());
        boolean withScale = policy != null && "Delete".equals(policy.getWhenScaled());
        var before = Fields.list(claim.getMetadata().getOwnerReferences());
        var owners = new ArrayList<OwnerReference>();
        for (OwnerReference owner : before) {
            boolean ours = owner.getUid().equals(set.getMetadata().getUid())
                    || pods.stream().anyMatch(pod -> pod.getMetadata().getUid().equals(owner.getUid()));
            if (!ours) {
                owners.add(owner);
            }
        }
        if (withScale && surplusPod.isPresent()) {
            owners.add(reference(surplusPod.get(), "v1", "Pod"));
        } else if (withSet) {
            owners.add(reference(set, "apps/v1", "StatefulSet"));
        }
        return owners.equals(before) ? Optional.empty() : Optional.of(owners);
    }

    private static OwnerReference reference(HasMetadata owner, String apiVersion, String kind) {
        return new OwnerReference(
                apiVersion,
                null,
                null,
                kind,
                owner.getMetadata().getName(),
                owner.getMetadata().getUid());
    }
}
