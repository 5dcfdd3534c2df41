package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.NodeTerms;
import io.vertikube.value.Quantities;
import io.vertikube.value.Selectors;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which volume suits a claim: the smallest that is large enough. Pure. */
final class VolumeMatch {

    private VolumeMatch() {}

    /**
     * A volume that is reserved for the claim comes first, whatever its selector says.
     *
     * @param node where the claim's first consumer will run; null if that does not matter
     */
    static Optional<PersistentVolume> best(
            PersistentVolumeClaim claim, List<PersistentVolume> volumes, @Nullable Node node) {
        Optional<PersistentVolume> reserved = volumes.stream()
                .filter(volume -> reservedFor(volume, claim))
                .filter(volume -> problem(volume, claim).isEmpty())
                .min(Comparator.comparing(VolumeMatch::capacity));
        return reserved.or(() -> volumes.stream()
                .filter(volume -> volume.getSpec().getClaimRef() == null)
                .filter(volume -> volume.getMetadata().getDeletionTimestamp() == null)
                .filter(volume -> volume.getStatus() == null
                        || !"Failed".equals(volume.getStatus().getPhase()))
                .filter(volume -> problem(volume, claim).isEmpty())
                .filter(volume -> claim.getSpec().getSelector() == null
                        || Selectors.labels(claim.getSpec().getSelector())
                                .matches(Fields.map(volume.getMetadata().getLabels())))
                .filter(volume -> node == null || reaches(volume, node))
                .min(Comparator.comparing(VolumeMatch::capacity)));
    }

    /** Whether the volume names the claim, and no earlier one of the same name. */
    static boolean reservedFor(PersistentVolume volume, PersistentVolumeClaim claim) {
        ObjectReference reference = volume.getSpec().getClaimRef();
        return reference != null
                && claim.getMetadata().getName().equals(reference.getName())
                && claim.getMetadata().getNamespace().equals(reference.getNamespace())
                && (Fields.text(reference.getUid()).isEmpty()
                        || reference.getUid().equals(claim.getMetadata().getUid()));
    }

    /** Why the volume cannot serve the claim, if it cannot. */
    static Optional<String> problem(PersistentVolume volume, PersistentVolumeClaim claim) {
        if (capacity(volume).compareTo(request(claim)) < 0) {
            return Optional.of("requested PV is too small");
        }
        if (!className(volume.getSpec().getStorageClassName())
                .equals(className(claim.getSpec().getStorageClassName()))) {
            return Optional.of("storageClassName does not match");
        }
        if (!mode(volume.getSpec().getVolumeMode()).equals(mode(claim.getSpec().getVolumeMode()))) {
            return Optional.of("incompatible volumeMode");
        }
        if (!new HashSet<>(Fields.list(volume.getSpec().getAccessModes()))
                .containsAll(Fields.list(claim.getSpec().getAccessModes()))) {
            return Optional.of("incompatible accessMode");
        }
        return Optional.empty();
    }

    static BigDecimal request(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources() == null
                ? BigDecimal.ZERO
                : storage(claim.getSpec().getResources().getRequests());
    }

    private static boolean reaches(PersistentVolume volume, Node node) {
        var affinity = volume.getSpec().getNodeAffinity();
        return affinity == null
                || affinity.getRequired() == null
                || NodeTerms.any(
                        affinity.getRequired().getNodeSelectorTerms(),
                        node.getMetadata().getName(),
                        node.getMetadata().getLabels());
    }

    private static BigDecimal capacity(PersistentVolume volume) {
        return storage(volume.getSpec().getCapacity());
    }

    private static BigDecimal storage(@Nullable Map<String, Quantity> amounts) {
        Quantity storage = Fields.map(amounts).get("storage");
        return storage == null ? BigDecimal.ZERO : Quantities.parse(storage.toString());
    }

    private static String className(@Nullable String name) {
        return Fields.text(name);
    }

    private static String mode(@Nullable String mode) {
        return mode == null ? "Filesystem" : mode;
    }
}
