package io.vertikube.controller.localpath;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.persistentvolume.VolumeNames;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Removal;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Quantities;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the volume of a claim that asks for a local folder, lets it grow, and removes it when its claim is gone. Keys are
 * claims ({@code namespace/name}) and volumes ({@code name}).
 */
public final class LocalPathReconciler implements Reconciler {
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final Informer<Node> nodes;
    private final TypedClient<PersistentVolumeClaim> claimClient;
    private final TypedClient<PersistentVolume> volumeClient;
    private final TypedClient<StorageClass> classClient;
    private final EventRecorder events;
    private final String root;

    LocalPathReconciler(ControllerContext context, String root) {
        this.claims = context.informer(PersistentVolumeClaim.class);
        this.volumes = context.informer(PersistentVolume.class);
        this.classes = context.informer(StorageClass.class);
        this.nodes = context.informer(Node.class);
        this.claimClient = context.client().of(PersistentVolumeClaim.class);
        this.volumeClient = context.client().of(PersistentVolume.class);
        this.classClient = context.client().of(StorageClass.class);
        this.events = context.events("local-path-provisioner");
        this.root = root;
    }

    /** @param root the folder on each node below which volumes lie */
    public static ManagedController controller(ControllerContext context, int workers, String root) {
        var reconciler = new LocalPathReconciler(context, root);
        Controller queue = context.queue("local-path-provisioner-controller", workers, reconciler);
        reconciler.claims.onChange((before, after) -> {
            if (after != null && asks(after)) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        reconciler.volumes.onChange((before, after) -> {
            if (after != null && ours(after)) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(List.of(queue), reconciler::ensureClass);
    }

    /** Only a cluster without any class gets ours: who chose another, or took ours away, meant it. */
    private void ensureClass() {
        if (classes.list().isEmpty()) {
            try {
                classClient.create(LocalPath.storageClass(root));
            } catch (ApiException refused) {
                if (!refused.isAlreadyExists()) {
                    throw refused;
                }
            }
        }
    }

    private static boolean asks(PersistentVolumeClaim claim) {
        return LocalPath.PROVISIONER.equals(
                Fields.map(claim.getMetadata().getAnnotations()).get(VolumeNames.PROVISIONER));
    }

    private static boolean ours(PersistentVolume volume) {
        return LocalPath.PROVISIONER.equals(
                Fields.map(volume.getMetadata().getAnnotations()).get(VolumeNames.PROVISIONED_BY));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (key.namespace().isEmpty()) {
            volumes.get(key).ifPresent(this::removeReleased);
            return Outcome.done();
        }
        Optional<PersistentVolumeClaim> found = claims.get(key);
        if (found.isPresent() && found.get().getMetadata().getDeletionTimestamp() == null) {
            if (Fields.text(found.get().getSpec().getVolumeName()).isEmpty()) {
                provision(found.get());
            } else {
                grow(found.get());
            }
        }
        return Outcome.done();
    }

    private void provision(PersistentVolumeClaim claim) {
        String selected = Fields.map(claim.getMetadata().getAnnotations()).getOrDefault(VolumeNames.SELECTED_NODE, "");
        Optional<StorageClass> storageClass =
                classes.get(ObjectKey.cluster(Fields.text(claim.getSpec().getStorageClassName())));
        if (storageClass.isEmpty()) {
            return;
        }
        if (selected.isEmpty()) {
            events.warning(
                    claim,
                    "ProvisioningFailed",
                    "no node has been selected for the claim: give its class volumeBindingMode WaitForFirstConsumer");
            return;
        }
        Optional<String> problem = LocalPath.problem(claim);
        if (problem.isPresent()) {
            events.warning(
                    claim,
                    "ProvisioningFailed",
                    "failed to provision volume with StorageClass \""
                            + storageClass.get().getMetadata().getName() + "\": " + problem.get());
            return;
        }
        Optional<Node> node = nodes.get(ObjectKey.cluster(selected));
        if (node.isEmpty()) {
            unselect(claim, selected);
            return;
        }
        PersistentVolume volume = LocalPath.volume(claim, storageClass.get(), node.get(), root);
        try {
            volumeClient.create(volume);
            events.normal(
                    claim,
                    "ProvisioningSucceeded",
                    "Successfully provisioned volume " + volume.getMetadata().getName());
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists()) {
                events.warning(claim, "ProvisioningFailed", String.valueOf(refused.getMessage()));
                throw refused;
            }
        }
    }

    /** The node is gone: the scheduler chooses another. */
    private void unselect(PersistentVolumeClaim claim, String selected) {
        var annotations = new HashMap<>(Fields.map(claim.getMetadata().getAnnotations()));
        annotations.remove(VolumeNames.SELECTED_NODE);
        claimClient.update(new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .build());
        events.warning(claim, "ProvisioningFailed", "node \"" + selected + "\" not found, another is to be selected");
    }

    /** A folder has no size: what is asked for is what there is. */
    private void grow(PersistentVolumeClaim claim) {
        Optional<PersistentVolume> bound =
                volumes.get(ObjectKey.cluster(claim.getSpec().getVolumeName())).filter(LocalPathReconciler::ours);
        boolean complete =
                claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
        if (bound.isEmpty() || !complete) {
            return;
        }
        Quantity wanted =
                Fields.map(claim.getSpec().getResources().getRequests()).get("storage");
        if (wanted == null) {
            return;
        }
        if (larger(wanted, bound.get().getSpec().getCapacity())) {
            volumeClient.update(new PersistentVolumeBuilder(bound.get())
                    .editSpec()
                    .addToCapacity("storage", wanted)
                    .endSpec()
                    .build());
        }
        if (larger(wanted, claim.getStatus().getCapacity())) {
            claimClient.updateStatus(new PersistentVolumeClaimBuilder(claim)
                    .editStatus()
                    .addToCapacity("storage", wanted)
                    .endStatus()
                    .build());
            events.normal(claim, "VolumeResizeSuccessful", "Resize volume succeeded");
        }
    }

    private static boolean larger(Quantity wanted, Map<String, Quantity> than) {
        Quantity now = Fields.map(than).get("storage");
        return now == null || Quantities.parse(wanted.toString()).compareTo(Quantities.parse(now.toString())) > 0;
    }

    private void removeReleased(PersistentVolume volume) {
        boolean released = volume.getStatus() != null
                && "Released".equals(volume.getStatus().getPhase());
        boolean delete = "Delete".equals(volume.getSpec().getPersistentVolumeReclaimPolicy());
        if (released && delete && volume.getMetadata().getDeletionTimestamp() == null) {
            Removal.of(volumeClient, volume);
        }
    }
}
