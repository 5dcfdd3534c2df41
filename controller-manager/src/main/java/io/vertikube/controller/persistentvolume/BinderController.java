package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two queues of binding, claims and volumes, and what wakes them. */
public final class BinderController {
    private BinderController() {}

    public static ManagedController controller(ControllerContext context, int workers) {
        Informer<PersistentVolumeClaim> claims = context.informer(PersistentVolumeClaim.class);
        Informer<PersistentVolume> volumes = context.informer(PersistentVolume.class);
        Controller claimQueue =
                context.queue("persistentvolume-binder-controller", workers, new ClaimReconciler(context));
        Controller volumeQueue =
                context.queue("persistentvolume-binder-controller-volumes", workers, new VolumeReconciler(context));
        claims.onChange((before, after) -> {
            PersistentVolumeClaim claim = after == null ? before : after;
            if (claim != null) {
                claimQueue.enqueue(ObjectKey.of(claim));
                String volume = Fields.text(claim.getSpec().getVolumeName());
                if (!volume.isEmpty()) {
                    volumeQueue.enqueue(ObjectKey.cluster(volume));
                }
            }
        });
        volumes.onChange((before, after) -> {
            PersistentVolume volume = after == null ? before : after;
            if (volume != null) {
                volumeQueue.enqueue(ObjectKey.of(volume));
                wakeClaims(volume, claims, claimQueue);
            }
        });
        context.informer(StorageClass.class).onChange((before, after) -> {
            if (after != null) {
                pending(claims).forEach(claim -> claimQueue.enqueue(ObjectKey.of(claim)));
            }
        });
        return ManagedController.of(claimQueue, volumeQueue);
    }

    /** The claim that a volume names, or, while it is free, every claim that waits for one. */
    private static void wakeClaims(
            PersistentVolume volume, Informer<PersistentVolumeClaim> claims, Controller claimQueue) {
        @Nullable ObjectReference reference = volume.getSpec().getClaimRef();
        if (reference != null) {
            claimQueue.enqueue(new ObjectKey(reference.getNamespace(), reference.getName()));
        } else {
            String className = Fields.text(volume.getSpec().getStorageClassName());
            pending(claims).stream()
                    .filter(claim ->
                            Fields.text(claim.getSpec().getStorageClassName()).equals(className))
                    .forEach(claim -> claimQueue.enqueue(ObjectKey.of(claim)));
        }
    }

    private static List<PersistentVolumeClaim> pending(Informer<PersistentVolumeClaim> claims) {
        return claims.list().stream()
                .filter(claim -> !ClaimPlan.annotated(claim, VolumeNames.BIND_COMPLETED))
                .toList();
    }
}
