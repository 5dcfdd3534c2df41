package io.vertikube.controller.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.controller.deployment.DeploymentAction.CreateSet;
import io.vertikube.controller.deployment.DeploymentAction.DeleteSet;
import io.vertikube.controller.deployment.DeploymentAction.RecordRevision;
import io.vertikube.controller.deployment.DeploymentAction.RollBack;
import io.vertikube.controller.deployment.DeploymentAction.ScaleSet;
import io.vertikube.controller.deployment.DeploymentAction.UpdateSet;
import io.vertikube.controller.deployment.DeploymentAction.WriteStatus;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Removal;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Does the writes of a {@link DeploymentPlan} in order and tells of them in events. Stops at the first that is refused; the
 * revisions that the objects carry refuse a write from too old a view. Made for one pass; blocks.
 */
final class DeploymentWrites {
    private static final String CREATE_FAILED = "ReplicaSetCreateError";

    private final TypedClient<Deployment> deployments;
    private final TypedClient<ReplicaSet> sets;
    private final EventRecorder events;
    private final Instant now;
    private Deployment deployment;

    DeploymentWrites(
            TypedClient<Deployment> deployments,
            TypedClient<ReplicaSet> sets,
            EventRecorder events,
            Deployment deployment,
            Instant now) {
        this.deployments = deployments;
        this.sets = sets;
        this.events = events;
        this.deployment = deployment;
        this.now = now;
    }

    void carryOut(List<DeploymentAction> actions) {
        for (DeploymentAction action : actions) {
            switch (action) {
                case CreateSet create -> {
                    if (!create(create.set())) {
                        return;
                    }
                }
                case UpdateSet update -> sets.update(update.set());
                case ScaleSet scale -> scale(scale);
                case DeleteSet delete -> Removal.withDependents(sets, delete.set());
                case RecordRevision record -> record(record.revision());
                case WriteStatus status -> writeStatus(status.status());
                case RollBack back -> rollBack(back);
            }
        }
    }

    /** Whether the pass may go on. */
    private boolean create(ReplicaSet set) {
        String name = set.getMetadata().getName();
        try {
            sets.create(set);
            if (Sets.wanted(set) > 0) {
                events.normal(
                        deployment,
                        "ScalingReplicaSet",
                        "Scaled up replica set " + name + " from 0 to " + Sets.wanted(set));
            }
            return true;
        } catch (ApiException refused) {
            if (refused.isAlreadyExists()) {
                settleName(set);
                return false;
            }
            if (PodWrites.namespaceLeaves(refused)) {
                return false;
            }
            reportFailure(name, refused);
            throw refused;
        }
    }

    /** The name is taken: by our own earlier write that was not seen yet, or by another template with the same hash. */
    private void settleName(ReplicaSet set) {
        Optional<ReplicaSet> holder =
                sets.find(set.getMetadata().getNamespace(), set.getMetadata().getName());
        boolean ours = holder.filter(found -> Owners.isControlledBy(found, deployment)
                        && Sets.withoutHash(found.getSpec().getTemplate())
                                .equals(Sets.withoutHash(set.getSpec().getTemplate())))
                .isPresent();
        if (ours || holder.isEmpty()) {
            return;
        }
        DeploymentStatus status = status();
        writeStatus(new DeploymentStatusBuilder(status)
                .withCollisionCount(Fields.number(status.getCollisionCount()) + 1)
                .build());
    }

    private void reportFailure(String name, ApiException refused) {
        String message = "Failed to create new replica set \"" + name + "\": " + refused.getMessage();
        events.warning(deployment, CREATE_FAILED, message);
        if (RolloutStatus.hasDeadline(deployment)) {
            var conditions = new ConditionSet(deployment, now);
            conditions.set(ConditionSet.PROGRESSING, "False", CREATE_FAILED, message);
            DeploymentStatus status = new DeploymentStatusBuilder(status())
                    .withConditions(conditions.list())
                    .build();
            if (!Same.meaning(status, status())) {
                writeStatus(status);
            }
        }
    }

    private void scale(ScaleSet scale) {
        sets.update(scale.set());
        if (scale.from() != scale.to()) {
            events.normal(
                    deployment,
                    "ScalingReplicaSet",
                    "Scaled " + (scale.to() > scale.from() ? "up" : "down") + " replica set "
                            + scale.set().getMetadata().getName() + " from " + scale.from() + " to " + scale.to());
        }
    }

    private void record(String revision) {
        ObjectNode patch = FencedPatch.annotating(deployment.getMetadata(), Revisions.REVISION, revision);
        deployment = deployments.patch(
                deployment.getMetadata().getNamespace(),
                deployment.getMetadata().getName(),
                PatchType.MERGE,
                Json.bytes(patch),
                null);
    }

    private void rollBack(RollBack back) {
        deployment = deployments.update(new DeploymentBuilder(deployment)
                .editSpec()
                .withTemplate(Sets.withoutHash(back.to().getSpec().getTemplate()))
                .endSpec()
                .build());
        events.warning(deployment, AutomaticRollback.EVENT, back.told());
    }

    private void writeStatus(DeploymentStatus status) {
        deployment = deployments.updateStatus(
                new DeploymentBuilder(deployment).withStatus(status).build());
    }

    private DeploymentStatus status() {
        return deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    }
}
