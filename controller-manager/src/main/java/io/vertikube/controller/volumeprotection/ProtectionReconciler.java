package io.vertikube.controller.volumeprotection;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.cache.Informer;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodClaims;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Takes the protecting finalizer off an object that is being deleted and no longer in use, and puts it on one that was made
 * without. Keys are claims, or volumes.
 */
public final class ProtectionReconciler<T extends HasMetadata> implements Reconciler {
    private static final String CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
    private static final String VOLUME_FINALIZER = "kubernetes.io/pv-protection";

    private final Informer<T> objects;
    private final TypedClient<T> client;
    private final Class<T> type;
    private final String finalizer;
    private final Predicate<T> inUse;

    private ProtectionReconciler(ControllerContext context, Class<T> type, String finalizer, Predicate<T> inUse) {
        this.objects = context.informer(type);
        this.client = context.client().of(type);
        this.type = type;
        this.finalizer = finalizer;
        this.inUse = inUse;
    }

    /** A claim is in use by every pod that has been given a node. */
    public static ManagedController claims(ControllerContext context, int workers) {
        Informer<Pod> pods = context.informer(Pod.class);
        TypedClient<Pod> live = context.client().of(Pod.class);
        Predicate<PersistentVolumeClaim> inUse =
                claim -> uses(pods.list(claim.getMetadata().getNamespace()), claim)
                        || uses(
                                live.list(claim.getMetadata().getNamespace(), ListOptions.all())
                                        .items(),
                                claim);
        var reconciler = new ProtectionReconciler<>(context, PersistentVolumeClaim.class, CLAIM_FINALIZER, inUse);
        Controller queue = queue(context, "persistentvolumeclaim-protection-controller", workers, reconciler);
        pods.onChange((before, after) -> {
            Pod pod = after == null ? before : after;
            if (pod != null && (after == null || before == null || Pods.scheduled(before) != Pods.scheduled(after))) {
                PodClaims.names(pod)
                        .forEach(name ->
                                queue.enqueue(new ObjectKey(pod.getMetadata().getNamespace(), name)));
            }
        });
        return ManagedController.of(queue);
    }

    /** A volume is in use while it is bound. */
    public static ManagedController volumes(ControllerContext context, int workers) {
        Predicate<PersistentVolume> inUse = volume ->
                volume.getStatus() != null && "Bound".equals(volume.getStatus().getPhase());
        var reconciler = new ProtectionReconciler<>(context, PersistentVolume.class, VOLUME_FINALIZER, inUse);
        return ManagedController.of(queue(context, "persistentvolume-protection-controller", workers, reconciler));
    }

    private static <T extends HasMetadata> Controller queue(
            ControllerContext context, String name, int workers, ProtectionReconciler<T> reconciler) {
        Controller queue = context.queue(name, workers, reconciler);
        reconciler.objects.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return queue;
    }

    private static boolean uses(List<Pod> pods, PersistentVolumeClaim claim) {
        return pods.stream()
                .anyMatch(pod -> Pods.scheduled(pod)
                        && PodClaims.names(pod).contains(claim.getMetadata().getName()));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<T> found = objects.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        T object = found.get();
        List<String> finalizers = Fields.list(object.getMetadata().getFinalizers());
        boolean leaving = object.getMetadata().getDeletionTimestamp() != null;
        boolean protectedNow = finalizers.contains(finalizer);
        if (leaving && protectedNow && !inUse.test(object)) {
            write(object, finalizers.stream().filter(f -> !f.equals(finalizer)).toList());
        } else if (!leaving && !protectedNow) {
            var more = new ArrayList<>(finalizers);
            more.add(finalizer);
            write(object, more);
        }
        return Outcome.done();
    }

    private void write(T object, List<String> finalizers) {
        T next = Json.fromTree(Json.mapper().valueToTree(object), type);
        next.getMetadata().setFinalizers(finalizers);
        try {
            client.update(next);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }
}
