package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.controller.persistentvolume.ClaimStep.Bind;
import io.vertikube.controller.persistentvolume.ClaimStep.Lost;
import io.vertikube.controller.persistentvolume.ClaimStep.Nothing;
import io.vertikube.controller.persistentvolume.ClaimStep.Provision;
import io.vertikube.controller.persistentvolume.ClaimStep.Wait;
import io.vertikube.controller.workload.Fields;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one claim, from all that is known about volumes. Immutable.
 *
 * @param volumes all of the cluster
 * @param storageClass the claim's; null if it names none, or one that does not exist
 * @param node the one that the scheduler selected for the claim; null if it selected none
 */
record ClaimPlan(
        PersistentVolumeClaim claim,
        List<PersistentVolume> volumes,
        @Nullable StorageClass storageClass,
        @Nullable Node node) {

    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    ClaimPlan {
        volumes = List.copyOf(volumes);
    }

    ClaimStep step() {
        if (annotated(claim, VolumeNames.BIND_COMPLETED)) {
            return bound();
        }
        if (claim.getMetadata().getDeletionTimestamp() != null) {
            return new Nothing();
        }
        String name = Fields.text(claim.getSpec().getVolumeName());
        return name.isEmpty() ? unbound() : reserved(name);
    }

    static boolean annotated(PersistentVolumeClaim claim, String annotation) {
        return Fields.map(claim.getMetadata().getAnnotations()).containsKey(annotation);
    }

    /** Bound completely before: the volume must still be there and still know the claim. */
    private ClaimStep bound() {
        String name = Fields.text(claim.getSpec().getVolumeName());
        if (name.isEmpty()) {
            return new Lost(
                    "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
        }
        Optional<PersistentVolume> volume = volume(name);
        if (volume.isEmpty()) {
            return new Lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        }
        var reference = volume.get().getSpec().getClaimRef();
        if (reference == null || VolumeMatch.reservedFor(volume.get(), claim)) {
            return new Bind(volume.get());
        }
        return new Lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
    }

    /** A person, or a scheduler, named the volume. */
    private ClaimStep reserved(String name) {
        Optional<PersistentVolume> volume = volume(name);
        if (volume.isEmpty()) {
            return new Nothing();
        }
        if (volume.get().getSpec().getClaimRef() == null) {
            Optional<String> problem = VolumeMatch.problem(volume.get(), claim);
            return problem.<ClaimStep>map(why ->
                            Wait.warning("VolumeMismatch", "Cannot bind to requested volume \"" + name + "\": " + why))
                    .orElseGet(() -> new Bind(volume.get()));
        }
        return VolumeMatch.reservedFor(volume.get(), claim)
                ? new Bind(volume.get())
                : Wait.warning("FailedBinding", "volume \"" + name + "\" already bound to a different claim.");
    }

    private ClaimStep unbound() {
        boolean waits = storageClass != null && "WaitForFirstConsumer".equals(storageClass.getVolumeBindingMode());
        boolean selected = annotated(claim, VolumeNames.SELECTED_NODE);
        if (waits && !selected) {
            return volumes.stream()
                    .filter(volume -> VolumeMatch.reservedFor(volume, claim))
                    .findFirst()
                    .<ClaimStep>map(Bind::new)
                    .orElseGet(() -> Wait.normal(
                            "WaitForFirstConsumer", "waiting for first consumer to be created before binding"));
        }
        if (waits && node == null) {
            // The node is gone, or not in sight yet: whoever provisions takes the selection back.
            return new Provision(storageClass == null ? "" : storageClass.getProvisioner());
        }
        Optional<PersistentVolume> match = VolumeMatch.best(claim, volumes, waits ? node : null);
        if (match.isPresent()) {
            return new Bind(match.get());
        }
        String className = Fields.text(claim.getSpec().getStorageClassName());
        if (className.isEmpty()) {
            return Wait.normal(
                    "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        }
        if (storageClass == null) {
            return Wait.warning("ProvisioningFailed", "storageclass.storage.k8s.io \"" + className + "\" not found");
        }
        if (storageClass.getProvisioner().equals(NO_PROVISIONER)) {
            return Wait.normal(
                    "FailedBinding",
                    "no persistent volumes available for this claim and storage class \"" + className
                            + "\" makes none");
        }
        return new Provision(storageClass.getProvisioner());
    }

    private Optional<PersistentVolume> volume(String name) {
        return volumes.stream()
                .filter(volume -> volume.getMetadata().getName().equals(name))
                .findFirst();
    }
}
