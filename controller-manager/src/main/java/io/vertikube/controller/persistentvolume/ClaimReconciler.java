package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.persistentvolume.ClaimStep.Bind;
import io.vertikube.controller.persistentvolume.ClaimStep.Lost;
import io.vertikube.controller.persistentvolume.ClaimStep.Nothing;
import io.vertikube.controller.persistentvolume.ClaimStep.Provision;
import io.vertikube.controller.persistentvolume.ClaimStep.Wait;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Carries out a {@link ClaimPlan}. Binding is four writes (volume, its status, claim, its status), each left out where it is
 * done already, so that one that was broken off is finished by the next look. Keys are claims.
 */
final class ClaimReconciler implements Reconciler {

    /** How often a claim that waits is told about again, and looked at in case something was missed. */
    private static final Duration REMIND = Duration.ofSeconds(15);

    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final Informer<Node> nodes;
    private final TypedClient<PersistentVolumeClaim> client;
    private final VolumeWrites volumeWrites;
    private final EventRecorder events;

    ClaimReconciler(ControllerContext context) {
        this.claims = context.informer(PersistentVolumeClaim.class);
        this.volumes = context.informer(PersistentVolume.class);
        this.classes = context.informer(StorageClass.class);
        this.nodes = context.informer(Node.class);
        this.client = context.client().of(PersistentVolumeClaim.class);
        this.volumeWrites = new VolumeWrites(context.client());
        this.events = context.events("persistentvolume-controller");
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<PersistentVolumeClaim> found = claims.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        PersistentVolumeClaim claim = found.get();
        var plan = new ClaimPlan(
                claim,
                volumes.list(),
                classes.get(ObjectKey.cluster(Fields.text(claim.getSpec().getStorageClassName())))
                        .orElse(null),
                nodes.get(ObjectKey.cluster(Fields.map(claim.getMetadata().getAnnotations())
                                .getOrDefault(VolumeNames.SELECTED_NODE, "")))
                        .orElse(null));
        return switch (plan.step()) {
            case Nothing() -> {
                pending(claim);
                yield Outcome.done();
            }
            case Bind(PersistentVolume volume) -> {
                bind(claim, volume);
                yield Outcome.done();
            }
            case Wait(boolean warning, String reason, String message) -> {
                tell(claim, warning, reason, message);
                pending(claim);
                yield Outcome.again(REMIND);
            }
            case Provision(String provisioner) -> {
                askFor(claim, provisioner);
                pending(claim);
                yield Outcome.again(REMIND);
            }
            case Lost(String reason, String message) -> {
                lost(claim, reason, message);
                yield Outcome.done();
            }
        };
    }

    private void bind(PersistentVolumeClaim claim, PersistentVolume volume) {
        PersistentVolume taken = volumeWrites.phase(volumeWrites.claim(volume, claim), "Bound", "", "");
        Map<String, String> annotations =
                new HashMap<>(Fields.map(claim.getMetadata().getAnnotations()));
        String name = taken.getMetadata().getName();
        if (!name.equals(claim.getSpec().getVolumeName())) {
            annotations.put(VolumeNames.BOUND_BY_CONTROLLER, "yes");
        }
        annotations.put(VolumeNames.BIND_COMPLETED, "yes");
        PersistentVolumeClaim wanted = new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .editSpec()
                .withVolumeName(name)
                .endSpec()
                .build();
        PersistentVolumeClaim written = wanted.equals(claim) ? claim : client.update(wanted);
        PersistentVolumeClaimStatus before = status(written);
        boolean sized = "Bound".equals(before.getPhase())
                && !Fields.map(before.getCapacity()).isEmpty();
        status(
                written,
                new PersistentVolumeClaimStatusBuilder(before)
                        .withPhase("Bound")
                        .withAccessModes(taken.getSpec().getAccessModes())
                        .withCapacity(
                                sized ? before.getCapacity() : taken.getSpec().getCapacity())
                        .build());
    }

    /** Names the provisioner on the claim, which is how it is asked. */
    private void askFor(PersistentVolumeClaim claim, String provisioner) {
        Map<String, String> annotations =
                new HashMap<>(Fields.map(claim.getMetadata().getAnnotations()));
        annotations.put(VolumeNames.PROVISIONER, provisioner);
        annotations.put(VolumeNames.PROVISIONER_BETA, provisioner);
        PersistentVolumeClaim asking = new PersistentVolumeClaimBuilder(claim)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .build();
        if (!asking.equals(claim)) {
            client.update(asking);
        }
        tell(
                claim,
                false,
                "ExternalProvisioning",
                "Waiting for a volume to be created either by the external provisioner '" + provisioner
                        + "' or manually by the system administrator. If volume creation is delayed, please verify that"
                        + " the provisioner is running and correctly registered.");
    }

    private void lost(PersistentVolumeClaim claim, String reason, String message) {
        if (!"Lost".equals(status(claim).getPhase())) {
            status(
                    claim,
                    new PersistentVolumeClaimStatusBuilder(status(claim))
                            .withPhase("Lost")
                            .withAccessModes()
                            .withCapacity(Map.of())
                            .build());
            events.warning(claim, reason, message);
        }
    }

    private void pending(PersistentVolumeClaim claim) {
        if (status(claim).getPhase() == null) {
            status(
                    claim,
                    new PersistentVolumeClaimStatusBuilder(status(claim))
                            .withPhase("Pending")
                            .build());
        }
    }

    private void tell(PersistentVolumeClaim claim, boolean warning, String reason, String message) {
        if (warning) {
            events.warning(claim, reason, message);
        } else {
            events.normal(claim, reason, message);
        }
    }

    private static PersistentVolumeClaimStatus status(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElseGet(claim.getStatus(), PersistentVolumeClaimStatus::new);
    }

    private void status(PersistentVolumeClaim claim, PersistentVolumeClaimStatus status) {
        if (!Same.meaning(status, claim.getStatus())) {
            client.updateStatus(
                    new PersistentVolumeClaimBuilder(claim).withStatus(status).build());
        }
    }
}
