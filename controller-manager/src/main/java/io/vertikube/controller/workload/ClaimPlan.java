package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.value.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which of the candidates an owner keeps, takes in, or lets go, by selector and controller reference. Immutable.
 *
 * @param keep controlled by the owner and still selected
 * @param adopt selected and controlled by nobody
 * @param release controlled by the owner and no longer selected
 */
public record ClaimPlan<T extends HasMetadata>(List<T> keep, List<T> adopt, List<T> release) {
    public ClaimPlan {
        keep = List.copyOf(keep);
        adopt = List.copyOf(adopt);
        release = List.copyOf(release);
    }

    public static <T extends HasMetadata> ClaimPlan<T> of(
            HasMetadata owner, Selector selector, Iterable<T> candidates) {
        var keep = new ArrayList<T>();
        var adopt = new ArrayList<T>();
        var release = new ArrayList<T>();
        boolean ownerLeaves = owner.getMetadata().getDeletionTimestamp() != null;
        for (T candidate : candidates) {
            boolean selected =
                    selector.matches(Fields.map(candidate.getMetadata().getLabels()));
            Optional<OwnerReference> controller = Owners.controllerOf(candidate);
            if (controller.isPresent()) {
                if (!owner.getMetadata().getUid().equals(controller.get().getUid())) {
                    continue;
                }
                if (selected) {
                    keep.add(candidate);
                } else if (!ownerLeaves) {
                    release.add(candidate);
                }
            } else if (selected && !ownerLeaves && candidate.getMetadata().getDeletionTimestamp() == null) {
                adopt.add(candidate);
            }
        }
        return new ClaimPlan<>(keep, adopt, release);
    }
}
