package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.vertikube.cache.Informer;
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
import io.vertikube.controller.workload.Claims;
import io.vertikube.controller.workload.Expectations;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Pods;
import io.vertikube.controller.workload.Same;
import io.vertikube.controller.workload.SlowStart;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Brings the daemons of one DaemonSet onto its nodes and writes its status when that changed. Plans only when its own last writes
 * have come back. One key, one worker at a time.
 */
public final class DaemonSetReconciler implements Reconciler {
    private static final int HISTORY_LIMIT = 10;
    private static final int BURST = 250;

    private final Informer<DaemonSet> sets;
    private final Informer<Node> nodes;
    private final Informer<Pod> pods;
    private final Informer<ControllerRevision> revisions;
    private final TypedClient<DaemonSet> client;
    private final Claims<Pod> podClaims;
    private final Claims<ControllerRevision> revisionClaims;
    private final Claims.Live live;
    private final History history;
    private final PodWrites writes;
    private final EventRecorder events;
    private final Expectations expectations;
    private final Patience patience;
    private final InstantSource clock;

    DaemonSetReconciler(ControllerContext context) {
        this.sets = context.informer(DaemonSet.class);
        this.nodes = context.informer(Node.class);
        this.pods = context.informer(Pod.class);
        this.revisions = context.informer(ControllerRevision.class);
        this.client = context.client().of(DaemonSet.class);
        this.podClaims = new Claims<>(context.client(), Pod.class);
        this.revisionClaims = new Claims<>(context.client(), ControllerRevision.class);
        this.live = Claims.Live.through(client);
        this.history = new History(context.client());
        this.events = context.events("daemonset-controller");
        this.writes = new PodWrites(context.client(), events);
        this.expectations = new Expectations(context.clock());
        this.patience = new Patience();
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new DaemonSetReconciler(context);
        Controller queue = context.queue("daemonset-controller", workers, reconciler);
        reconciler.sets.onChange(OwnKey.in(queue));
        reconciler.nodes.onChange((before, after) -> reconciler.nodeChanged(queue, before, after));
        reconciler.pods.onChange((before, after) -> reconciler.podChanged(queue, before, after));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) throws InterruptedException {
        Optional<DaemonSet> found = sets.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return Outcome.done();
        }
        DaemonSet set = found.get();
        Selector selector = Selectors.labels(set.getSpec().getSelector());
        if (selector.matchesEverything()) {
            events.warning(
                    set, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return Outcome.done();
        }
        boolean mayPlan = expectations.satisfied(key);
        List<ControllerRevision> known =
                revisionClaims.claim(set, DaemonPod.KIND, selector, Indexes.candidates(revisions, set), live);
        List<Pod> owned = podClaims.claim(set, DaemonPod.KIND, selector, Indexes.candidates(pods, set), live);
        DaemonSetStatus status = set.getStatus() == null ? new DaemonSetStatus() : set.getStatus();
        History.Found ensured =
                history.ensure(set, DaemonPod.KIND, set.getSpec().getTemplate(), known, status.getCollisionCount());
        if (!(ensured instanceof History.Found.Revision(ControllerRevision update))) {
            client.updateStatus(new DaemonSetBuilder(set)
                    .editOrNewStatus()
                    .withCollisionCount(Fields.number(status.getCollisionCount()) + 1)
                    .endStatus()
                    .build());
            return Outcome.done();
        }
        return sync(key, set, owned, known, update, mayPlan);
    }

    private Outcome sync(
            ObjectKey key,
            DaemonSet set,
            List<Pod> owned,
            List<ControllerRevision> known,
            ControllerRevision update,
            boolean mayPlan)
            throws InterruptedException {
        String hash = TemplateRevision.hash(update);
        Instant now = clock.instant();
        List<Node> all = nodes.list();
        Optional<RuntimeException> failure = Optional.empty();
        Optional<Duration> retry = Optional.empty();
        if (mayPlan && set.getMetadata().getDeletionTimestamp() == null) {
            DaemonSetPlan plan = DaemonSetPlan.of(set, all, owned, hash, now);
            var delete = new ArrayList<>(plan.delete());
            retry = addEnded(set, plan.ended(), delete, now);
            failure = carryOut(key, set, plan.create(), delete, hash);
        }
        DaemonSetStatusPlan status = DaemonSetStatusPlan.of(set, all, owned, hash, now);
        if (!Same.meaning(status.status(), set.getStatus())) {
            writeStatus(set, status.status());
        }
        if (failure.isPresent() && !PodWrites.namespaceLeaves(failure.get())) {
            throw failure.get();
        }
        trim(set, owned, known, hash);
        Optional<Duration> again = retry;
        return status.lookAgain().or(() -> again).map(Outcome::again).orElseGet(Outcome::done);
    }

    /** Ended daemons are replaced at once the first time, and ever more slowly when they keep ending. */
    private Optional<Duration> addEnded(DaemonSet set, List<Pod> ended, List<Pod> delete, Instant now) {
        Optional<Duration> retry = Optional.empty();
        for (Pod pod : ended) {
            String node = DaemonPod.node(pod);
            Optional<Duration> wait = patience.until(set.getMetadata().getUid() + "/" + node, now);
            if (wait.isPresent()) {
                retry = wait;
                continue;
            }
            String name = ObjectKey.of(pod).toString();
            if (Pods.failed(pod)) {
                events.warning(
                        set,
                        "FailedDaemonPod",
                        "Found failed daemon pod " + name + " on node " + node + ", will try to kill it");
            } else {
                events.normal(
                        set,
                        "SucceededDaemonPod",
                        "Found succeeded daemon pod " + name + " on node " + node + ", will try to delete it");
            }
            delete.add(pod);
        }
        return retry;
    }

    private Optional<RuntimeException> carryOut(
            ObjectKey key, DaemonSet set, List<String> wanted, List<Pod> delete, String hash)
            throws InterruptedException {
        List<String> create = wanted.stream().limit(BURST).toList();
        expectations.expectCreations(key, create.size());
        expectations.expectDeletions(
                key, delete.stream().map(pod -> pod.getMetadata().getUid()).toList());
        var next = new AtomicInteger();
        SlowStart.Result result = SlowStart.run(
                create.size(),
                () -> writes.create(DaemonPod.create(set, create.get(next.getAndIncrement()), hash), set));
        expectations.lowerCreations(key, create.size() - result.succeeded());
        Optional<RuntimeException> failure = result.failure();
        for (Pod pod : delete) {
            try {
                writes.delete(pod, set);
            } catch (RuntimeException refused) {
                expectations.deletionObserved(key, pod.getMetadata().getUid());
                failure = Optional.of(refused);
            }
        }
        return failure;
    }

    private void writeStatus(DaemonSet set, DaemonSetStatus status) {
        try {
            client.updateStatus(new DaemonSetBuilder(set).withStatus(status).build());
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private void trim(DaemonSet set, List<Pod> owned, List<ControllerRevision> known, String hash) {
        Set<String> hashes = new HashSet<>(Set.of(hash));
        owned.forEach(pod ->
                hashes.add(Fields.text(Fields.map(pod.getMetadata().getLabels()).get(TemplateRevision.HASH_LABEL))));
        Set<String> used = new HashSet<>();
        for (ControllerRevision revision : known) {
            if (hashes.contains(TemplateRevision.hash(revision))) {
                used.add(revision.getMetadata().getName());
            }
        }
        history.trim(known, used, Fields.number(set.getSpec().getRevisionHistoryLimit(), HISTORY_LIMIT));
    }

    private void nodeChanged(Controller queue, @Nullable Node before, @Nullable Node after) {
        boolean same = before != null
                && after != null
                && Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())
                && Objects.equals(before.getSpec(), after.getSpec());
        if (!same) {
            sets.list().forEach(set -> queue.enqueue(ObjectKey.of(set)));
        }
    }

    private void podChanged(Controller queue, @Nullable Pod before, @Nullable Pod after) {
        Optional<ObjectKey> oldOwner = owner(before);
        Optional<ObjectKey> owner = owner(after);
        oldOwner.ifPresent(key -> {
            if (before != null && (after == null || Pods.terminating(after))) {
                expectations.deletionObserved(key, before.getMetadata().getUid());
            }
            queue.enqueue(key);
        });
        owner.ifPresent(key -> {
            if (before == null) {
                expectations.creationObserved(key);
            }
            queue.enqueue(key);
        });
        if (after != null && Owners.controllerOf(after).isEmpty() && !Pods.terminating(after)) {
            for (DaemonSet set : sets.list(after.getMetadata().getNamespace())) {
                if (Selectors.labels(set.getSpec().getSelector())
                        .matches(Fields.map(after.getMetadata().getLabels()))) {
                    queue.enqueue(ObjectKey.of(set));
                }
            }
        }
    }

    private static Optional<ObjectKey> owner(@Nullable HasMetadata object) {
        if (object == null) {
            return Optional.empty();
        }
        return Owners.controllerOf(object)
                .filter(reference -> "DaemonSet".equals(reference.getKind()))
                .map(reference -> new ObjectKey(object.getMetadata().getNamespace(), reference.getName()));
    }
}
