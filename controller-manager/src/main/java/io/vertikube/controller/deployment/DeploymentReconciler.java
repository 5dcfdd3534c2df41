package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Claims;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one Deployment, lets {@link DeploymentPlan} decide and does the writes. One key is worked on by one worker at a time.
 */
public final class DeploymentReconciler implements Reconciler {
    private final Informer<Deployment> deployments;
    private final Informer<ReplicaSet> sets;
    private final Informer<Pod> pods;
    private final TypedClient<Deployment> deploymentClient;
    private final TypedClient<ReplicaSet> setClient;
    private final Claims<ReplicaSet> claims;
    private final Claims.Live live;
    private final EventRecorder events;
    private final InstantSource clock;

    DeploymentReconciler(ControllerContext context) {
        this.deployments = context.informer(Deployment.class);
        this.sets = context.informer(ReplicaSet.class);
        this.pods = context.informer(Pod.class);
        this.deploymentClient = context.client().of(Deployment.class);
        this.setClient = context.client().of(ReplicaSet.class);
        this.claims = new Claims<>(context.client(), ReplicaSet.class);
        this.live = Claims.Live.through(deploymentClient);
        this.events = context.events("deployment-controller");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new DeploymentReconciler(context);
        Controller queue = context.queue("deployment-controller", workers, reconciler);
        reconciler.deployments.onChange(OwnKey.in(queue));
        reconciler.sets.onChange((before, after) -> reconciler.setChanged(queue, before, after));
        reconciler.pods.onChange((before, after) -> reconciler.podChanged(queue, before, after));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Deployment> found = deployments.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Deployment deployment = found.get();
        Selector selector = Selectors.labels(deployment.getSpec().getSelector());
        if (selector.matchesEverything()) {
            refuseToSelectAll(deployment);
            return Outcome.done();
        }
        List<ReplicaSet> owned =
                claims.claim(deployment, Revisions.KIND, selector, Indexes.candidates(sets, deployment), live);
        Instant now = clock.instant();
        RolloutView view = RolloutView.of(deployment, owned, false);
        if (!ReplicaMath.isRolling(deployment)) {
            view = RolloutView.of(deployment, owned, oldPodsRun(view.old()));
        }
        DeploymentPlan plan = DeploymentPlan.of(view, now);
        try {
            new DeploymentWrites(deploymentClient, setClient, events, deployment, now).carryOut(plan.actions());
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
        return plan.lookAgain().map(Outcome::again).orElseGet(Outcome::done);
    }

    private boolean oldPodsRun(List<ReplicaSet> old) {
        return old.stream()
                .flatMap(set ->
                        pods.byIndex(Indexes.BY_CONTROLLER, set.getMetadata().getUid()).stream())
                .anyMatch(pod -> !Pods.finished(pod));
    }

    private void refuseToSelectAll(Deployment deployment) {
        events.warning(
                deployment, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
        long seen = deployment.getStatus() == null
                ? 0
                : Fields.number(deployment.getStatus().getObservedGeneration());
        if (seen < Fields.number(deployment.getMetadata().getGeneration())) {
            deploymentClient.updateStatus(new DeploymentBuilder(deployment)
                    .editOrNewStatus()
                    .withObservedGeneration(deployment.getMetadata().getGeneration())
                    .endStatus()
                    .build());
        }
    }

    private void setChanged(Controller queue, @Nullable ReplicaSet before, @Nullable ReplicaSet after) {
        Optional<ObjectKey> oldOwner = owner(before);
        Optional<ObjectKey> owner = owner(after);
        oldOwner.ifPresent(queue::enqueue);
        if (!owner.equals(oldOwner)) {
            owner.ifPresent(queue::enqueue);
        }
        if (after != null && Owners.controllerOf(after).isEmpty()) {
            for (Deployment deployment : deployments.list(after.getMetadata().getNamespace())) {
                if (Selectors.labels(deployment.getSpec().getSelector())
                        .matches(Fields.map(after.getMetadata().getLabels()))) {
                    queue.enqueue(ObjectKey.of(deployment));
                }
            }
        }
    }

    /** Under Recreate the end of an old pod is what the Deployment waits for. */
    private void podChanged(Controller queue, @Nullable Pod before, @Nullable Pod after) {
        boolean ended = after == null || (Pods.finished(after) && before != null && !Pods.finished(before));
        if (!ended || before == null) {
            return;
        }
        Owners.controllerOf(before)
                .filter(reference -> "ReplicaSet".equals(reference.getKind()))
                .flatMap(
                        reference -> sets.get(new ObjectKey(before.getMetadata().getNamespace(), reference.getName())))
                .flatMap(DeploymentReconciler::owner)
                .filter(key -> deployments
                        .get(key)
                        .filter(deployment -> !ReplicaMath.isRolling(deployment))
                        .isPresent())
                .ifPresent(queue::enqueue);
    }

    private static Optional<ObjectKey> owner(@Nullable HasMetadata set) {
        if (set == null) {
            return Optional.empty();
        }
        return Owners.controllerOf(set)
                .filter(reference -> "Deployment".equals(reference.getKind()))
                .map(reference -> new ObjectKey(set.getMetadata().getNamespace(), reference.getName()));
    }
}
