package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.persistentvolume.VolumePlan.Failed;
import io.vertikube.controller.persistentvolume.VolumePlan.Phase;
import io.vertikube.controller.persistentvolume.VolumePlan.Release;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out a {@link VolumePlan}. Keys are volumes. */
final class VolumeReconciler implements Reconciler {
    private final Informer<PersistentVolume> volumes;
    private final Informer<PersistentVolumeClaim> claims;
    private final TypedClient<PersistentVolumeClaim> claimClient;
    private final VolumeWrites writes;
    private final EventRecorder events;

    VolumeReconciler(ControllerContext context) {
        this.volumes = context.informer(PersistentVolume.class);
        this.claims = context.informer(PersistentVolumeClaim.class);
        this.claimClient = context.client().of(PersistentVolumeClaim.class);
        this.writes = new VolumeWrites(context.client());
        this.events = context.events("persistentvolume-controller");
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<PersistentVolume> found = volumes.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        PersistentVolume volume = found.get();
        switch (VolumePlan.of(volume, claimOf(volume))) {
            case Phase(String phase) -> writes.phase(volume, phase, "", "");
            case Release(boolean keepReservation) -> writes.release(volume, keepReservation);
            case Failed(String reason, String message) -> {
                writes.phase(volume, "Failed", reason, message);
                events.warning(volume, reason, message);
            }
        }
        return Outcome.done();
    }

    /** The claim by name and uid; asked for when it is not in sight, since a claim that is thought gone costs its data. */
    private @Nullable PersistentVolumeClaim claimOf(PersistentVolume volume) {
        ObjectReference reference = volume.getSpec().getClaimRef();
        if (reference == null || Fields.text(reference.getUid()).isEmpty()) {
            return null;
        }
        String uid = reference.getUid();
        return claims.get(new ObjectKey(reference.getNamespace(), reference.getName()))
                .filter(claim -> uid.equals(claim.getMetadata().getUid()))
                .or(() -> claimClient.find(reference.getNamespace(), reference.getName()))
                .filter(claim -> uid.equals(claim.getMetadata().getUid()))
                .orElse(null);
    }
}
