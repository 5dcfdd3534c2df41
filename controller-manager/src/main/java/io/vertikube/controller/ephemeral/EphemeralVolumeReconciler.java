package io.vertikube.controller.ephemeral;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodClaims;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.Optional;

/** Makes the claims of one pod's ephemeral volumes. Keys are pods. */
public final class EphemeralVolumeReconciler implements Reconciler {
    private static final Gvk POD = new Gvk("", "v1", "Pod");
    private static final Duration RETRY = Duration.ofSeconds(15);

    private final Informer<Pod> pods;
    private final Informer<PersistentVolumeClaim> claims;
    private final TypedClient<PersistentVolumeClaim> client;
    private final EventRecorder events;

    EphemeralVolumeReconciler(ControllerContext context) {
        this.pods = context.informer(Pod.class);
        this.claims = context.informer(PersistentVolumeClaim.class);
        this.client = context.client().of(PersistentVolumeClaim.class);
        this.events = context.events("ephemeral_volume");
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new EphemeralVolumeReconciler(context);
        Controller queue = context.queue("ephemeral-volume-controller", workers, reconciler);
        reconciler.pods.onChange((before, after) -> {
            if (after != null && Pods.active(after) && hasEphemeral(after)) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        reconciler.claims.onChange((before, after) -> {
            if (after == null && before != null) {
                Owners.controllerOf(before)
                        .filter(owner -> owner.getKind().equals("Pod"))
                        .ifPresent(owner ->
                                queue.enqueue(new ObjectKey(before.getMetadata().getNamespace(), owner.getName())));
            }
        });
        return ManagedController.of(queue);
    }

    private static boolean hasEphemeral(Pod pod) {
        return Fields.list(pod.getSpec().getVolumes()).stream().anyMatch(volume -> volume.getEphemeral() != null);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Pod> found = pods.get(key).filter(Pods::active);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Pod pod = found.get();
        boolean all = true;
        for (Volume volume : Fields.list(pod.getSpec().getVolumes())) {
            if (volume.getEphemeral() != null) {
                all &= ensure(pod, volume);
            }
        }
        return all ? Outcome.done() : Outcome.again(RETRY);
    }

    private boolean ensure(Pod pod, Volume volume) {
        String name = PodClaims.ephemeral(pod, volume);
        Optional<PersistentVolumeClaim> there =
                claims.get(new ObjectKey(pod.getMetadata().getNamespace(), name));
        if (there.isPresent()) {
            if (Owners.isControlledBy(there.get(), pod)) {
                return true;
            }
            events.warning(
                    pod,
                    "EphemeralVolumeConflict",
                    "PVC " + pod.getMetadata().getNamespace() + "/" + name + " was not created for pod "
                            + pod.getMetadata().getNamespace() + "/"
                            + pod.getMetadata().getName()
                            + " (pod is not owner)");
            return false;
        }
        var template = volume.getEphemeral().getVolumeClaimTemplate();
        var metadata = template.getMetadata();
        try {
            client.create(new PersistentVolumeClaimBuilder()
                    .withMetadata(new ObjectMetaBuilder()
                            .withName(name)
                            .withNamespace(pod.getMetadata().getNamespace())
                            .withLabels(Fields.map(metadata == null ? null : metadata.getLabels()))
                            .withAnnotations(Fields.map(metadata == null ? null : metadata.getAnnotations()))
                            .withOwnerReferences(Owners.controllerReference(pod, POD))
                            .build())
                    .withSpec(template.getSpec())
                    .build());
            return true;
        } catch (ApiException refused) {
            if (refused.isAlreadyExists() || PodWrites.namespaceLeaves(refused)) {
                return !refused.isAlreadyExists();
            }
            events.warning(
                    pod, "EphemeralVolumeCreateFailed", "Create PVC " + name + " failed: " + refused.getMessage());
            throw refused;
        }
    }
}
