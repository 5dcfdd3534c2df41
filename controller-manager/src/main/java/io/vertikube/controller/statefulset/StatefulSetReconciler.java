package io.vertikube.controller.statefulset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.history.History;
import io.vertikube.controller.history.TemplateRevision;
import io.vertikube.controller.statefulset.StatefulSetPlan.Step;
import io.vertikube.controller.workload.Claims;
import io.vertikube.controller.workload.Disruption;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Pods;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one StatefulSet a step further and writes its status when that changed. Its pods have names of their own, so that a step
 * taken twice from an old view meets the first. One key, one worker at a time.
 */
public final class StatefulSetReconciler implements Reconciler {
    private static final int HISTORY_LIMIT = 10;

    private final Informer<StatefulSet> sets;
    private final Informer<Pod> pods;
    private final Informer<ControllerRevision> revisions;
    private final TypedClient<StatefulSet> client;
    private final TypedClient<Pod> podClient;
    private final TypedClient<PersistentVolumeClaim> claimClient;
    private final Claims<Pod> podClaims;
    private final Claims<ControllerRevision> revisionClaims;
    private final Claims.Live live;
    private final History history;
    private final Disruption disruption;
    private final EventRecorder events;
    private final InstantSource clock;

    StatefulSetReconciler(ControllerContext context) {
        this.sets = context.informer(StatefulSet.class);
        this.pods = context.informer(Pod.class);
        this.revisions = context.informer(ControllerRevision.class);
        this.client = context.client().of(StatefulSet.class);
        this.podClient = context.client().of(Pod.class);
        this.claimClient = context.client().of(PersistentVolumeClaim.class);
        this.podClaims = new Claims<>(context.client(), Pod.class);
        this.revisionClaims = new Claims<>(context.client(), ControllerRevision.class);
        this.live = Claims.Live.through(client);
        this.history = new History(context.client());
        this.disruption = new Disruption(podClient);
        this.events = context.events("statefulset-controller");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new StatefulSetReconciler(context);
        Controller queue = context.queue("statefulset-controller", workers, reconciler);
        reconciler.sets.onChange(OwnKey.in(queue));
        reconciler.pods.onChange((before, after) -> reconciler.podChanged(queue, before, after));
        context.informer(PersistentVolumeClaim.class).onChange((before, after) -> {
            if (before != null && after == null) {
                reconciler.claimGone(queue, before);
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<StatefulSet> found = sets.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        StatefulSet set = found.get();
        Selector selector = Selectors.labels(set.getSpec().getSelector());
        List<ControllerRevision> known =
                revisionClaims.claim(set, StatefulPod.KIND, selector, Indexes.candidates(revisions, set), live);
        List<Pod> candidates = Indexes.candidates(pods, set).stream()
                .filter(pod -> StatefulPod.ordinal(set, pod).isPresent())
                .toList();
        List<Pod> owned = podClaims.claim(set, StatefulPod.KIND, selector, candidates, live);
        PodTemplateSpec template = set.getSpec().getTemplate();
        StatefulSetStatus status = set.getStatus() == null ? new StatefulSetStatus() : set.getStatus();
        History.Found ensured = history.ensure(set, StatefulPod.KIND, template, known, status.getCollisionCount());
        return switch (ensured) {
            case History.Found.Collision() -> {
                writeStatus(
                        set,
                        new io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder(status)
                                .withReplicas(Fields.number(status.getReplicas()))
                                .withCollisionCount(Fields.number(status.getCollisionCount()) + 1)
                                .build());
                yield Outcome.done();
            }
            case History.Found.Revision(var update) -> sync(set, owned, known, update);
        };
    }

    private Outcome sync(StatefulSet set, List<Pod> owned, List<ControllerRevision> known, ControllerRevision update) {
        String updateName = update.getMetadata().getName();
        String said = set.getStatus() == null ? "" : Fields.text(set.getStatus().getCurrentRevision());
        Optional<ControllerRevision> current = known.stream()
                .filter(revision -> revision.getMetadata().getName().equals(said))
                .findFirst();
        String currentName = current.isPresent() ? said : updateName;
        PodTemplateSpec currentTemplate = current.flatMap(TemplateRevision::template)
                .orElseGet(() -> set.getSpec().getTemplate());
        Instant now = clock.instant();
        StatefulSetPlan plan = StatefulSetPlan.of(set, owned, currentName, updateName, now);
        StatefulSetStatus status = StatefulSetStatusPlan.of(set, owned, currentName, updateName, now);
        keepClaims(set, owned);
        replaceClaims(set, owned);
        Optional<ApiException> failure = Optional.empty();
        try {
            for (Step step : plan.steps()) {
                switch (step) {
                    case Step.Create(int ordinal, boolean updated) ->
                        create(
                                set,
                                ordinal,
                                updated ? set.getSpec().getTemplate() : currentTemplate,
                                updated ? updateName : currentName);
                    case Step.Delete(Pod pod, Step.Why why) -> delete(set, pod, why);
                }
            }
        } catch (ApiException refused) {
            failure = Optional.of(refused);
        }
        if (!Same.meaning(status, set.getStatus())) {
            writeStatus(set, status);
        }
        if (failure.isPresent() && !PodWrites.namespaceLeaves(failure.get())) {
            throw failure.get();
        }
        trim(set, owned, known, currentName, updateName);
        return plan.lookAgain().map(Outcome::again).orElseGet(Outcome::done);
    }

    private void create(StatefulSet set, int ordinal, PodTemplateSpec template, String revision) {
        String name = StatefulPod.name(set, ordinal);
        String setName = set.getMetadata().getName();
        for (PersistentVolumeClaim claim : StatefulPod.claims(set, ordinal)) {
            createClaim(set, claim, name);
        }
        try {
            podClient.create(StatefulPod.create(set, ordinal, template, revision));
            events.normal(set, "SuccessfulCreate", "create Pod " + name + " in StatefulSet " + setName + " successful");
        } catch (ApiException refused) {
            if (refused.isAlreadyExists()) {
                return;
            }
            events.warning(
                    set,
                    "FailedCreate",
                    "create Pod " + name + " in StatefulSet " + setName + " failed error: " + refused.getMessage());
            throw refused;
        }
    }

    private void createClaim(StatefulSet set, PersistentVolumeClaim claim, String pod) {
        String what = "create Claim " + claim.getMetadata().getName() + " Pod " + pod + " in StatefulSet "
                + set.getMetadata().getName();
        Optional<PersistentVolumeClaim> existing = claimClient.find(
                claim.getMetadata().getNamespace(), claim.getMetadata().getName());
        if (existing.isPresent()) {
            return;
        }
        try {
            ClaimRetention.owners(set, claim, Optional.empty(), List.of())
                    .ifPresent(owners -> claim.getMetadata().setOwnerReferences(owners));
            claimClient.create(claim);
            events.normal(set, "SuccessfulCreate", what + " success");
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists()) {
                events.warning(set, "FailedCreate", what + " failed error: " + refused.getMessage());
                throw refused;
            }
        }
    }

    private void delete(StatefulSet set, Pod pod, Step.Why why) {
        String setName = set.getMetadata().getName();
        String name = pod.getMetadata().getName();
        String place = "StatefulSet " + ObjectKey.of(set) + " is recreating ";
        switch (why) {
            case FAILED -> events.warning(set, "RecreatingFailedPod", place + "failed Pod " + name);
            case ENDED -> events.normal(set, "RecreatingTerminatedPod", place + "terminated Pod " + name);
            case SURPLUS, OUTDATED -> {}
        }
        disruption.delete(pod, null);
        events.normal(set, "SuccessfulDelete", "delete Pod " + name + " in StatefulSet " + setName + " successful");
    }

    /** A pod whose claim went before it ran would wait for ever. */
    private void replaceClaims(StatefulSet set, List<Pod> owned) {
        int end = StatefulSetPlan.start(set) + StatefulSetPlan.replicas(set);
        for (Pod pod : owned) {
            OptionalInt ordinal = StatefulPod.ordinal(set, pod);
            boolean waits = Pods.phase(pod).equals("Pending") && !Pods.terminating(pod);
            if (waits
                    && ordinal.isPresent()
                    && ordinal.getAsInt() >= StatefulSetPlan.start(set)
                    && ordinal.getAsInt() < end) {
                StatefulPod.claims(set, ordinal.getAsInt())
                        .forEach(claim ->
                                createClaim(set, claim, pod.getMetadata().getName()));
            }
        }
    }

    /** Only sets with a retention policy that deletes have claims to keep in order. */
    private void keepClaims(StatefulSet set, List<Pod> owned) {
        var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
        boolean deletes =
                policy != null && ("Delete".equals(policy.getWhenDeleted()) || "Delete".equals(policy.getWhenScaled()));
        if (!deletes || Fields.list(set.getSpec().getVolumeClaimTemplates()).isEmpty()) {
            return;
        }
        int end = StatefulSetPlan.start(set) + StatefulSetPlan.replicas(set);
        for (Pod pod : owned) {
            OptionalInt ordinal = StatefulPod.ordinal(set, pod);
            if (ordinal.isEmpty()) {
                continue;
            }
            boolean surplus = ordinal.getAsInt() < StatefulSetPlan.start(set) || ordinal.getAsInt() >= end;
            for (PersistentVolumeClaim template : StatefulPod.claims(set, ordinal.getAsInt())) {
                claimClient
                        .find(
                                template.getMetadata().getNamespace(),
                                template.getMetadata().getName())
                        .ifPresent(claim -> ClaimRetention.owners(
                                        set, claim, surplus ? Optional.of(pod) : Optional.empty(), owned)
                                .ifPresent(owners -> writeOwners(claim, owners)));
            }
        }
    }

    private void writeOwners(PersistentVolumeClaim claim, List<OwnerReference> owners) {
        claimClient.patch(
                claim.getMetadata().getNamespace(),
                claim.getMetadata().getName(),
                PatchType.MERGE,
                Json.bytes(FencedPatch.owning(claim.getMetadata(), owners)),
                null);
    }

    private void writeStatus(StatefulSet set, StatefulSetStatus status) {
        try {
            client.updateStatus(new StatefulSetBuilder(set).withStatus(status).build());
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private void trim(StatefulSet set, List<Pod> owned, List<ControllerRevision> known, String current, String update) {
        Set<String> used = new HashSet<>(List.of(current, update));
        owned.forEach(pod -> used.add(StatefulPod.revision(pod)));
        history.trim(known, used, Fields.number(set.getSpec().getRevisionHistoryLimit(), HISTORY_LIMIT));
    }

    private void podChanged(Controller queue, @Nullable Pod before, @Nullable Pod after) {
        Optional<ObjectKey> oldOwner = owner(before);
        Optional<ObjectKey> owner = owner(after);
        oldOwner.ifPresent(queue::enqueue);
        if (!owner.equals(oldOwner)) {
            owner.ifPresent(queue::enqueue);
        }
        if (after != null && Owners.controllerOf(after).isEmpty() && !Pods.terminating(after)) {
            for (StatefulSet set : sets.list(after.getMetadata().getNamespace())) {
                if (Selectors.labels(set.getSpec().getSelector())
                        .matches(Fields.map(after.getMetadata().getLabels()))) {
                    queue.enqueue(ObjectKey.of(set));
                }
            }
        }
    }

    /** A claim that was still leaving when its set was looked at is missed by nobody else. */
    private void claimGone(Controller queue, PersistentVolumeClaim claim) {
        for (StatefulSet set : sets.list(claim.getMetadata().getNamespace())) {
            if (StatefulPod.mayClaim(set, claim.getMetadata().getName())) {
                queue.enqueue(ObjectKey.of(set));
            }
        }
    }

    private static Optional<ObjectKey> owner(@Nullable HasMetadata object) {
        if (object == null) {
            return Optional.empty();
        }
        return Owners.controllerOf(object)
                .filter(reference -> "StatefulSet".equals(reference.getKind()))
                .map(reference -> new ObjectKey(object.getMetadata().getNamespace(), reference.getName()));
    }
}
