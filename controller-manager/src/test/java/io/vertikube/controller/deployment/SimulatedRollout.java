package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.vertikube.controller.Fixtures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Deployment and its ReplicaSets without a server: does what plans say, and lets pods come up and end one look later. */
final class SimulatedRollout {
    private final Map<String, ReplicaSet> sets = new TreeMap<>();
    private Deployment deployment;
    private Instant now = Fixtures.NOW;
    private int created;
    private String brokenImage = "";

    /** Every action done so far. */
    final List<DeploymentAction> done = new ArrayList<>();

    SimulatedRollout(Deployment deployment) {
        this.deployment = deployment;
    }

    Deployment deployment() {
        return deployment;
    }

    List<ReplicaSet> sets() {
        return List.copyOf(sets.values());
    }

    ReplicaSet newest() {
        return RolloutView.of(deployment, sets(), false).newest().orElseThrow();
    }

    /** Pods of this image never become ready. */
    void breakImage(String image) {
        brokenImage = image;
    }

    void edit(java.util.function.UnaryOperator<DeploymentBuilder> change) {
        deployment = change.apply(new DeploymentBuilder(deployment)
                        .editMetadata()
                        .withGeneration(deployment.getMetadata().getGeneration() + 1)
                        .endMetadata())
                .build();
    }

    void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }

    /** One look and what it causes; whether there was anything to do. */
    boolean step() {
        boolean oldPodsRun =
                RolloutView.of(deployment, sets(), false).old().stream().anyMatch(set -> Sets.replicas(set) > 0);
        DeploymentPlan plan = DeploymentPlan.of(RolloutView.of(deployment, sets(), oldPodsRun), now);
        plan.actions().forEach(this::carryOut);
        boolean moved = sets.values().stream().map(this::settle).toList().contains(true);
        return moved || !plan.actions().isEmpty();
    }

    void settleAll() {
        for (int i = 0; i < 200; i++) {
            if (!step()) {
                return;
            }
        }
        throw new AssertionError("the rollout never comes to rest: " + done.subList(done.size() - 5, done.size()));
    }

    int pods() {
        return sets.values().stream().mapToInt(Sets::wanted).sum();
    }

    int available() {
        return Sets.available(sets.values());
    }

    private void carryOut(DeploymentAction action) {
        done.add(action);
        switch (action) {
            case DeploymentAction.CreateSet(var set) -> {
                created++;
                put(new ReplicaSetBuilder(set)
                        .editMetadata()
                        .withUid("uid-" + created)
                        .withGeneration(1L)
                        .withCreationTimestamp(Fixtures.NOW.plusSeconds(created).toString())
                        .endMetadata()
                        .build());
            }
            case DeploymentAction.UpdateSet(var set) -> put(set);
            case DeploymentAction.ScaleSet scale -> put(scale.set());
            case DeploymentAction.DeleteSet(var set) ->
                sets.remove(set.getMetadata().getName());
            case DeploymentAction.RecordRevision(var revision) ->
                deployment = new DeploymentBuilder(deployment)
                        .editMetadata()
                        .addToAnnotations(Revisions.REVISION, revision)
                        .endMetadata()
                        .build();
            case DeploymentAction.RollBack back ->
                edit(d -> d.editSpec()
                        .withTemplate(Sets.withoutHash(back.to().getSpec().getTemplate()))
                        .endSpec());
            case DeploymentAction.WriteStatus(var status) ->
                deployment =
                        new DeploymentBuilder(deployment).withStatus(status).build();
        }
    }

    private void put(ReplicaSet set) {
        sets.put(set.getMetadata().getName(), set);
    }

    /** The ReplicaSet controller and the kubelets, in one go. */
    private boolean settle(ReplicaSet set) {
        int wanted = Sets.wanted(set);
        boolean broken = set.getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage()
                .equals(brokenImage);
        int up = broken ? 0 : wanted;
        var status = new ReplicaSetStatusBuilder()
                .withReplicas(wanted)
                .withReadyReplicas(up)
                .withAvailableReplicas(up)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .build();
        boolean moved = !status.equals(set.getStatus());
        sets.put(
                set.getMetadata().getName(),
                new ReplicaSetBuilder(set).withStatus(status).build());
        return moved;
    }
}
