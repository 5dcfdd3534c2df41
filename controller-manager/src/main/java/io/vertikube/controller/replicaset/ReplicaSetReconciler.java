package io.vertikube.controller.replicaset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.replicaset.ReplicaSetStatusPlan.Failure;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the pods of one ReplicaSet (or ReplicationController) to its count and writes its status when that changed. Counts
 * only when its own last writes have come back. One key is worked on by one worker at a time.
 */
public final class ReplicaSetReconciler<T extends HasMetadata> implements Reconciler {
    private final ReplicaKind<T> kind;
    private final Informer<T> sets;
    private final Informer<Pod> pods;
    private final TypedClient<T> client;
    private final Claims<Pod> claims;
    private final Claims.Live live;
    private final PodWrites writes;
    private final Expectations expectations;
    private final InstantSource clock;

    ReplicaSetReconciler(ReplicaKind<T> kind, ControllerContext context, String component, Expectations expectations) {
        this.kind = kind;
        this.sets = context.informer(kind.type());
        this.pods = context.informer(Pod.class);
        this.client = context.client().of(kind.type());
        this.claims = new Claims<>(context.client(), Pod.class);
        this.live = Claims.Live.through(client);
        this.writes = new PodWrites(context.client(), context.events(component));
        this.expectations = expectations;
        this.clock = context.clock();
    }

    /** The controller of a replica kind, wired to its informers. */
    public static <T extends HasMetadata> ManagedController controller(
            ReplicaKind<T> kind, String name, ControllerContext context, int workers) {
        var expectations = new Expectations(context.clock());
        var reconciler = new ReplicaSetReconciler<>(kind, context, name, expectations);
        Controller queue = context.queue(name, workers, reconciler);
        new ReplicaSetTriggers<>(kind, context, expectations, queue).listen();
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) throws InterruptedException {
        Optional<T> found = sets.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            return Outcome.done();
        }
        T object = found.get();
        ReplicaSet set = kind.view(object);
        boolean mayCount = expectations.satisfied(key);
        Selector selector = Selectors.labels(set.getSpec().getSelector());
        List<Pod> candidates = Indexes.candidates(pods, object).stream()
                .filter(pod -> !Pods.finished(pod))
                .toList();
        List<Pod> active = claims.claim(object, kind.kind(), selector, candidates, live).stream()
                .filter(Pods::active)
                .toList();
        Optional<Failure> failure = Optional.empty();
        Optional<RuntimeException> refused = Optional.empty();
        if (mayCount && object.getMetadata().getDeletionTimestamp() == null) {
            Instant now = clock.instant();
            boolean surplus = active.size() > Fields.number(set.getSpec().getReplicas(), 1);
            List<Pod> siblings = surplus ? siblingPods(object, active) : active;
            ReplicaSetPlan plan = ReplicaSetPlan.of(set, active, siblings, now);
            refused = carryOut(plan, key, object, set);
            failure = refused.filter(ApiException.class::isInstance)
                    .map(why -> new Failure(
                            plan.create() > 0 ? "FailedCreate" : "FailedDelete", String.valueOf(why.getMessage())));
        }
        ReplicaSetStatusPlan status = ReplicaSetStatusPlan.of(set, active, failure, clock.instant());
        if (!Same.meaning(status.status(), set.getStatus())) {
            writeStatus(object, status);
        }
        if (refused.isPresent() && !PodWrites.namespaceLeaves(refused.get())) {
            throw refused.get();
        }
        return status.lookAgain().map(Outcome::again).orElseGet(Outcome::done);
    }

    private void writeStatus(T object, ReplicaSetStatusPlan status) {
        try {
            client.updateStatus(kind.withStatus(object, status.status()));
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private Optional<RuntimeException> carryOut(ReplicaSetPlan plan, ObjectKey key, T object, ReplicaSet set)
            throws InterruptedException {
        if (plan.create() > 0) {
            Pod template = PodWrites.fromTemplate(set.getSpec().getTemplate(), object, kind.kind());
            expectations.expectCreations(key, plan.create());
            SlowStart.Result result = SlowStart.run(plan.create(), () -> writes.create(template, object));
            expectations.lowerCreations(key, plan.create() - result.succeeded());
            return result.failure();
        }
        expectations.expectDeletions(
                key,
                plan.delete().stream().map(pod -> pod.getMetadata().getUid()).toList());
        Optional<RuntimeException> failure = Optional.empty();
        for (Pod pod : plan.delete()) {
            try {
                writes.delete(pod, object);
            } catch (RuntimeException refused) {
                expectations.deletionObserved(key, pod.getMetadata().getUid());
                failure = Optional.of(refused);
            }
        }
        return failure;
    }

    /** Pods of all sets under the same controller, so that scaling down one of them evens out the nodes of all. */
    private List<Pod> siblingPods(T object, List<Pod> own) {
        Optional<OwnerReference> controller = Owners.controllerOf(object);
        if (controller.isEmpty()) {
            return own;
        }
        var related = new ArrayList<Pod>();
        for (T sibling : sets.list(object.getMetadata().getNamespace())) {
            boolean same = Owners.controllerOf(sibling)
                    .filter(reference ->
                            reference.getUid().equals(controller.get().getUid()))
                    .isPresent();
            if (same) {
                related.addAll(pods.byIndex(
                        Indexes.BY_CONTROLLER, sibling.getMetadata().getUid()));
            }
        }
        return related;
    }
}
