package io.vertikube.controller.attachdetach;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachmentBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodClaims;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes the VolumeAttachments of one PersistentVolume. Attachments that it has not named itself are left alone.
 * Keys are volumes; one key, one worker at a time.
 */
public final class AttachDetachReconciler implements Reconciler {
    private static final String BY_CLAIM = "claim";
    private static final String BY_VOLUME = "volume";
    private static final String BY_NODE = "node";

    private final Informer<PersistentVolume> volumes;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final Informer<CSIDriver> drivers;
    private final Informer<VolumeAttachment> attachments;
    private final TypedClient<VolumeAttachment> client;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Map<String, Instant> unwantedSince = new ConcurrentHashMap<>();

    private AttachDetachReconciler(ControllerContext context) {
        this.volumes = context.informer(PersistentVolume.class);
        this.claims = context.informer(PersistentVolumeClaim.class);
        this.pods = context.informer(Pod.class);
        this.nodes = context.informer(Node.class);
        this.drivers = context.informer(CSIDriver.class);
        this.attachments = context.informer(VolumeAttachment.class);
        this.client = context.client().of(VolumeAttachment.class);
        this.events = context.events("attachdetach-controller");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new AttachDetachReconciler(context);
        reconciler.pods.addIndex(
                BY_CLAIM,
                pod -> PodClaims.names(pod).stream()
                        .map(name -> pod.getMetadata().getNamespace() + "/" + name)
                        .toList());
        reconciler.attachments.addIndex(
                BY_VOLUME, attachment -> volumeOf(attachment).map(List::of).orElse(List.of()));
        reconciler.attachments.addIndex(
                BY_NODE, attachment -> List.of(attachment.getSpec().getNodeName()));
        Controller queue = context.queue("attachdetach-controller", workers, reconciler);
        reconciler.listen(queue);
        Controller told = context.queue(
                "attachdetach-node-status",
                1,
                new VolumesAttachedReconciler(
                        context, node -> reconciler.attachments.byIndex(BY_NODE, node), reconciler.volumes::get));
        reconciler.attachments.onChange((before, after) -> {
            VolumeAttachment any = after == null ? before : after;
            if (any != null) {
                told.enqueue(ObjectKey.cluster(any.getSpec().getNodeName()));
            }
        });
        reconciler.nodes.onChange((before, after) -> {
            if (before == null && after != null) {
                told.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue, told);
    }

    private void listen(Controller queue) {
        volumes.onChange((before, after) -> {
            if (after != null && after.getSpec().getCsi() != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        claims.onChange((before, after) -> {
            PersistentVolumeClaim claim = after == null ? before : after;
            if (claim != null) {
                enqueueVolume(queue, claim);
            }
        });
        pods.onChange((before, after) -> {
            Pod pod = after == null ? before : after;
            if (pod != null && (before == null || after == null || wants(before) != wants(after))) {
                PodClaims.names(pod)
                        .forEach(name -> claims.get(
                                        new ObjectKey(pod.getMetadata().getNamespace(), name))
                                .ifPresent(claim -> enqueueVolume(queue, claim)));
            }
        });
        attachments.onChange((before, after) -> {
            VolumeAttachment any = after == null ? before : after;
            if (any != null) {
                volumeOf(any).ifPresent(name -> queue.enqueue(ObjectKey.cluster(name)));
                tellOutcome(before, after);
            }
        });
        nodes.onChange((before, after) -> {
            Node node = after == null ? before : after;
            if (node != null && (before == null || after == null || !NodeVolumes.same(before, after))) {
                attachments
                        .byIndex(BY_NODE, node.getMetadata().getName())
                        .forEach(attachment ->
                                volumeOf(attachment).ifPresent(name -> queue.enqueue(ObjectKey.cluster(name))));
            }
        });
        drivers.onChange((before, after) -> {
            CSIDriver driver = after == null ? before : after;
            for (PersistentVolume volume : volumes.list()) {
                if (driver != null
                        && volume.getSpec().getCsi() != null
                        && volume.getSpec()
                                .getCsi()
                                .getDriver()
                                .equals(driver.getMetadata().getName())) {
                    queue.enqueue(ObjectKey.of(volume));
                }
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<PersistentVolume> found =
                volumes.get(key).filter(volume -> volume.getSpec().getCsi() != null);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        PersistentVolume volume = found.get();
        Instant now = clock.instant();
        Map<String, List<Pod>> wanted = attachRequired(volume) ? wanted(volume) : Map.of();
        List<AttachPlan.Attachment> present = present(volume);
        present.forEach(attachment -> {
            if (wanted.containsKey(attachment.node())) {
                unwantedSince.remove(attachment.name());
            } else {
                unwantedSince.putIfAbsent(attachment.name(), now);
            }
        });
        AttachPlan plan = AttachPlan.of(new AttachPlan.Input(
                volume.getMetadata().getName(),
                isShared(volume),
                wanted,
                present,
                views(volume, present),
                Map.copyOf(unwantedSince),
                now));
        plan.actions().forEach(action -> perform(volume, action));
        return plan.again().map(at -> Outcome.again(Duration.between(now, at))).orElseGet(Outcome::done);
    }

    private void perform(PersistentVolume volume, AttachPlan.Action action) {
        switch (action) {
            case AttachPlan.Action.Attach(String node) -> create(volume, node);
            case AttachPlan.Action.Detach(String name, String node, boolean forced) -> {
                try {
                    client.delete("", name);
                } catch (ApiException gone) {
                    if (!gone.isNotFound()) {
                        throw gone;
                    }
                }
                unwantedSince.remove(name);
            }
            case AttachPlan.Action.Refuse(Pod pod, String message) ->
                events.warning(pod, "FailedAttachVolume", message);
        }
    }

    private void create(PersistentVolume volume, String node) {
        try {
            client.create(new VolumeAttachmentBuilder()
                    .withNewMetadata()
                    .withName(AttachmentNames.of(volume.getSpec().getCsi(), node))
                    .endMetadata()
                    .withNewSpec()
                    .withAttacher(volume.getSpec().getCsi().getDriver())
                    .withNodeName(node)
                    .withNewSource()
                    .withPersistentVolumeName(volume.getMetadata().getName())
                    .endSource()
                    .endSpec()
                    .build());
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
        }
    }

    private boolean attachRequired(PersistentVolume volume) {
        return drivers.get(ObjectKey.cluster(volume.getSpec().getCsi().getDriver()))
                .map(driver -> !Boolean.FALSE.equals(driver.getSpec().getAttachRequired()))
                .orElse(true);
    }

    private Map<String, List<Pod>> wanted(PersistentVolume volume) {
        var reference = volume.getSpec().getClaimRef();
        if (reference == null) {
            return Map.of();
        }
        var claim = claims.get(new ObjectKey(reference.getNamespace(), reference.getName()));
        boolean bound = claim.isPresent()
                && volume.getMetadata().getName().equals(claim.get().getSpec().getVolumeName())
                && (reference.getUid() == null
                        || reference.getUid().equals(claim.get().getMetadata().getUid()));
        Map<String, List<Pod>> result = new TreeMap<>();
        if (bound) {
            for (Pod pod : pods.byIndex(BY_CLAIM, reference.getNamespace() + "/" + reference.getName())) {
                if (wants(pod)) {
                    result.computeIfAbsent(pod.getSpec().getNodeName(), node -> new ArrayList<>())
                            .add(pod);
                }
            }
        }
        return result;
    }

    private List<AttachPlan.Attachment> present(PersistentVolume volume) {
        return attachments.byIndex(BY_VOLUME, volume.getMetadata().getName()).stream()
                .filter(attachment -> attachment
                        .getMetadata()
                        .getName()
                        .equals(AttachmentNames.of(
                                volume.getSpec().getCsi(), attachment.getSpec().getNodeName())))
                .map(attachment -> new AttachPlan.Attachment(
                        attachment.getMetadata().getName(),
                        attachment.getSpec().getNodeName(),
                        attachment.getMetadata().getDeletionTimestamp() != null))
                .toList();
    }

    private Map<String, AttachPlan.NodeView> views(PersistentVolume volume, List<AttachPlan.Attachment> present) {
        String name = AttachmentNames.unique(volume.getSpec().getCsi());
        Map<String, AttachPlan.NodeView> result = new HashMap<>();
        present.forEach(attachment -> nodes.get(ObjectKey.cluster(attachment.node()))
                .ifPresent(node -> result.put(attachment.node(), NodeVolumes.view(node, name))));
        return result;
    }

    /** The attacher's answer, told to the pods that wait for it. */
    private void tellOutcome(@Nullable VolumeAttachment before, @Nullable VolumeAttachment after) {
        if (before == null || after == null) {
            return;
        }
        boolean attached = isAttached(after) && !isAttached(before);
        String error = error(after);
        boolean failed = !error.isEmpty() && !error.equals(error(before)) && !isAttached(after);
        if (!attached && !failed) {
            return;
        }
        String name = volumeOf(after).orElse("");
        volumes.get(ObjectKey.cluster(name))
                .filter(volume -> volume.getSpec().getCsi() != null)
                .map(this::wanted)
                .orElse(Map.of())
                .getOrDefault(after.getSpec().getNodeName(), List.of())
                .forEach(pod -> {
                    if (attached) {
                        events.normal(
                                pod,
                                "SuccessfulAttachVolume",
                                "AttachVolume.Attach succeeded for volume \"" + name + "\" ");
                    } else {
                        events.warning(
                                pod,
                                "FailedAttachVolume",
                                "AttachVolume.Attach failed for volume \"" + name + "\" : " + error);
                    }
                });
    }

    private static boolean isAttached(VolumeAttachment attachment) {
        return attachment.getStatus() != null
                && Boolean.TRUE.equals(attachment.getStatus().getAttached());
    }

    private static String error(VolumeAttachment attachment) {
        return attachment.getStatus() == null || attachment.getStatus().getAttachError() == null
                ? ""
                : Objects.requireNonNullElse(
                        attachment.getStatus().getAttachError().getMessage(), "");
    }

    private void enqueueVolume(Controller queue, PersistentVolumeClaim claim) {
        String name = claim.getSpec().getVolumeName();
        if (name != null && !name.isEmpty()) {
            queue.enqueue(ObjectKey.cluster(name));
        }
    }

    private static Optional<String> volumeOf(VolumeAttachment attachment) {
        return Optional.ofNullable(attachment.getSpec().getSource().getPersistentVolumeName());
    }

    private static boolean wants(Pod pod) {
        return Pods.scheduled(pod) && !Pods.finished(pod);
    }

    /** A volume without modes is not known to be for one node alone. */
    private static boolean isShared(PersistentVolume volume) {
        List<String> modes = Fields.list(volume.getSpec().getAccessModes());
        return modes.isEmpty() || modes.contains("ReadWriteMany") || modes.contains("ReadOnlyMany");
    }
}
