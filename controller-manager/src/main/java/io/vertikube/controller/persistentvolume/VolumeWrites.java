package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeStatusBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import java.util.HashMap;
import java.util.Objects;

/** Writes on volumes, each only where something changes. Blocks; safe for any thread but event loops. */
final class VolumeWrites {
    private final TypedClient<PersistentVolume> client;

    VolumeWrites(ApiClient client) {
        this.client = client.of(PersistentVolume.class);
    }

    /** The volume with the claim written into it. */
    PersistentVolume claim(PersistentVolume volume, PersistentVolumeClaim claim) {
        ObjectReference reference = volume.getSpec().getClaimRef();
        if (reference != null && claim.getMetadata().getUid().equals(reference.getUid())) {
            return volume;
        }
        var annotations = new HashMap<>(Fields.map(volume.getMetadata().getAnnotations()));
        if (reference == null) {
            annotations.put(VolumeNames.BOUND_BY_CONTROLLER, "yes");
        }
        return client.update(new PersistentVolumeBuilder(volume)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .editSpec()
                .withClaimRef(new ObjectReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("PersistentVolumeClaim")
                        .withNamespace(claim.getMetadata().getNamespace())
                        .withName(claim.getMetadata().getName())
                        .withUid(claim.getMetadata().getUid())
                        .withResourceVersion(claim.getMetadata().getResourceVersion())
                        .build())
                .endSpec()
                .build());
    }

    /**
     * The volume without its claim.
     *
     * @param keepReservation whether it stays reserved for a claim of that name
     */
    void release(PersistentVolume volume, boolean keepReservation) {
        var annotations = new HashMap<>(Fields.map(volume.getMetadata().getAnnotations()));
        annotations.remove(VolumeNames.BOUND_BY_CONTROLLER);
        ObjectReference reference = volume.getSpec().getClaimRef();
        client.update(new PersistentVolumeBuilder(volume)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .editSpec()
                .withClaimRef(
                        keepReservation
                                ? new ObjectReferenceBuilder(reference)
                                        .withUid(null)
                                        .withResourceVersion(null)
                                        .build()
                                : null)
                .endSpec()
                .build());
    }

    /** The volume in a phase. */
    PersistentVolume phase(PersistentVolume volume, String phase, String reason, String message) {
        PersistentVolumeStatus before = Objects.requireNonNullElseGet(volume.getStatus(), PersistentVolumeStatus::new);
        if (phase.equals(before.getPhase())) {
            return volume;
        }
        PersistentVolumeStatus next = new PersistentVolumeStatusBuilder(before)
                .withPhase(phase)
                .withReason(reason.isEmpty() ? null : reason)
                .withMessage(message.isEmpty() ? null : message)
                .build();
        return Same.meaning(next, before)
                ? volume
                : client.updateStatus(
                        new PersistentVolumeBuilder(volume).withStatus(next).build());
    }
}
