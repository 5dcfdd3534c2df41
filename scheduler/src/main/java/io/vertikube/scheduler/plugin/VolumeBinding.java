package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.scheduler.snapshot.Surroundings;
import io.vertikube.value.NodeTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pod goes where its volumes can be had. Claims that are bound tie it to their volumes' nodes; claims of a class that
 * waits for the first consumer are free, and are told the node once it is chosen.
 */
public final class VolumeBinding implements Plugin {

    private static final String NAME = "VolumeBinding";
    private static final Verdict ELSEWHERE = Verdict.never(NAME, "node(s) had volume node affinity conflict");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(
                ClusterEvent.NODE_ADDED,
                ClusterEvent.NODE_CHANGED,
                ClusterEvent.VOLUME_CHANGED,
                ClusterEvent.POD_ITSELF);
    }

    @Override
    public Optional<Verdict.Unfit> refusal(PodView pod, Snapshot snapshot) {
        for (ObjectKey key : claims(pod)) {
            Optional<PersistentVolumeClaim> found = snapshot.surroundings().claim(key);
            if (found.isEmpty()) {
                return unfit("persistentvolumeclaim \"" + key.name() + "\" not found");
            }
            PersistentVolumeClaim claim = found.get();
            if (claim.getMetadata().getDeletionTimestamp() != null) {
                return unfit("persistentvolumeclaim \"" + key.name() + "\" is being deleted");
            }
            if (!isBound(claim) && !waitsForConsumer(claim, snapshot.surroundings())) {
                return unfit("pod has unbound immediate PersistentVolumeClaims");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        var bound = new ArrayList<PersistentVolume>();
        for (ObjectKey key : claims(pod)) {
            snapshot.surroundings()
                    .claim(key)
                    .filter(VolumeBinding::isBound)
                    .flatMap(claim ->
                            snapshot.surroundings().volume(claim.getSpec().getVolumeName()))
                    .filter(volume -> volume.getSpec().getNodeAffinity() != null)
                    .ifPresent(bound::add);
        }
        return bound.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        node -> bound.stream().allMatch(volume -> reaches(volume, node)) ? Verdict.FITS : ELSEWHERE);
    }

    /** The claims of a pod that are not bound yet and wait to be told its node. */
    public static List<ObjectKey> waitingClaims(PodView pod, Surroundings surroundings) {
        return claims(pod).stream()
                .filter(key ->
                        surroundings.claim(key).filter(claim -> !isBound(claim)).isPresent())
                .toList();
    }

    public static boolean isBound(PersistentVolumeClaim claim) {
        String volume = claim.getSpec().getVolumeName();
        return volume != null
                && !volume.isEmpty()
                && (claim.getStatus() == null
                        || !"Lost".equals(claim.getStatus().getPhase()));
    }

    private static List<ObjectKey> claims(PodView pod) {
        var keys = new ArrayList<ObjectKey>();
        for (var volume : pod.spec().getVolumes()) {
            if (volume.getPersistentVolumeClaim() != null) {
                keys.add(new ObjectKey(
                        pod.namespace(), volume.getPersistentVolumeClaim().getClaimName()));
            } else if (volume.getEphemeral() != null) {
                keys.add(new ObjectKey(pod.namespace(), pod.key().name() + "-" + volume.getName()));
            }
        }
        return keys;
    }

    private static boolean waitsForConsumer(PersistentVolumeClaim claim, Surroundings surroundings) {
        String name = claim.getSpec().getStorageClassName();
        return name != null
                && surroundings
                        .storageClass(name)
                        .map(StorageClass::getVolumeBindingMode)
                        .filter("WaitForFirstConsumer"::equals)
                        .isPresent();
    }

    private static boolean reaches(PersistentVolume volume, NodeView node) {
        var required = volume.getSpec().getNodeAffinity().getRequired();
        return required == null || NodeTerms.any(required.getNodeSelectorTerms(), node.name(), node.labels());
    }

    private static Optional<Verdict.Unfit> unfit(String reason) {
        return Optional.of(new Verdict.Unfit(NAME, List.of(reason), false));
    }
}
