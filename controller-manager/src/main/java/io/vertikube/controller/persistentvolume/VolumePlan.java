package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.vertikube.controller.workload.Fields;
import org.jspecify.annotations.Nullable;

/** What is to be done about one volume. Pure. */
sealed interface VolumePlan {

    /** Its phase is to be this one. */
    record Phase(String phase) implements VolumePlan {}

    /** Its claim went another way: it is free again. */
    record Release(boolean keepReservation) implements VolumePlan {}

    /** Its claim is gone, and nobody knows how to destroy or scrub it. */
    record Failed(String reason, String message) implements VolumePlan {}

    /** @param claim the claim that the volume names, by name and uid; null if there is none (any more) */
    static VolumePlan of(PersistentVolume volume, @Nullable PersistentVolumeClaim claim) {
        ObjectReference reference = volume.getSpec().getClaimRef();
        if (reference == null || Fields.text(reference.getUid()).isEmpty()) {
            return new Phase("Available");
        }
        if (claim == null) {
            return unclaimed(volume);
        }
        String chosen = Fields.text(claim.getSpec().getVolumeName());
        if (chosen.equals(volume.getMetadata().getName())) {
            return new Phase("Bound");
        }
        if (chosen.isEmpty()) {
            // The claim is told next: binding begins with the volume, and its phase is being written by that.
            String phase = volume.getStatus() == null
                    ? ""
                    : Fields.text(volume.getStatus().getPhase());
            return new Phase(phase.isEmpty() || phase.equals("Pending") ? "Available" : phase);
        }
        if (annotation(volume, VolumeNames.PROVISIONED_BY).isEmpty()
                || !policy(volume).equals("Delete")) {
            return new Release(
                    annotation(volume, VolumeNames.BOUND_BY_CONTROLLER).isEmpty());
        }
        return new Phase("Released");
    }

    private static VolumePlan unclaimed(PersistentVolume volume) {
        String phase =
                volume.getStatus() == null ? "" : Fields.text(volume.getStatus().getPhase());
        if (phase.equals("Failed")) {
            return new Phase("Failed");
        }
        String name = volume.getMetadata().getName();
        return switch (policy(volume)) {
            case "Delete" ->
                annotation(volume, VolumeNames.PROVISIONED_BY).isEmpty()
                        ? new Failed(
                                "VolumeFailedDelete",
                                "error getting deleter volume plugin for volume \"" + name
                                        + "\": no deletable volume plugin matched")
                        : new Phase("Released");
            case "Recycle" ->
                new Failed(
                        "VolumeFailedRecycle",
                        "no volume plugin recycles volume \"" + name + "\": use policy Delete or Retain");
            default -> new Phase("Released");
        };
    }

    static String policy(PersistentVolume volume) {
        String policy = volume.getSpec().getPersistentVolumeReclaimPolicy();
        return policy == null ? "Retain" : policy;
    }

    static String annotation(PersistentVolume volume, String name) {
        return Fields.map(volume.getMetadata().getAnnotations()).getOrDefault(name, "");
    }
}
