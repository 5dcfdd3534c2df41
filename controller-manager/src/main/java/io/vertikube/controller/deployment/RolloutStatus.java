package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.vertikube.controller.workload.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The counts and conditions of a Deployment from its ReplicaSets. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status">Deployment
 *     status</a>
 */
final class RolloutStatus {
    static final String NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
    static final String DEADLINE_EXCEEDED = "ProgressDeadlineExceeded";
    private static final List<String> PAUSE_REASONS = List.of("DeploymentPaused", "DeploymentResumed");

    private RolloutStatus() {}

    static boolean hasDeadline(Deployment deployment) {
        Integer deadline = deployment.getSpec().getProgressDeadlineSeconds();
        return deadline != null && deadline != Integer.MAX_VALUE;
    }

    /** A pause stops the deadline's clock and a resume starts it again; a rollout that failed already keeps saying so. */
    static void notePause(Deployment deployment, ConditionSet conditions) {
        if (!hasDeadline(deployment) || conditions.hasReason(ConditionSet.PROGRESSING, DEADLINE_EXCEEDED)) {
            return;
        }
        boolean paused = Fields.flag(deployment.getSpec().getPaused());
        boolean notedAsPaused = conditions.hasReason(ConditionSet.PROGRESSING, PAUSE_REASONS.getFirst());
        if (paused && !notedAsPaused) {
            conditions.set(ConditionSet.PROGRESSING, "Unknown", PAUSE_REASONS.getFirst(), "Deployment is paused");
        } else if (!paused && notedAsPaused) {
            conditions.set(ConditionSet.PROGRESSING, "Unknown", PAUSE_REASONS.getLast(), "Deployment is resumed");
        }
    }

    /** The counts, with the Available condition set in {@code conditions}. */
    static DeploymentStatus counts(RolloutView view, ConditionSet conditions) {
        Deployment deployment = view.deployment();
        List<ReplicaSet> all = view.all();
        int available = Sets.available(all);
        int needed = view.wanted() - ReplicaMath.of(deployment).maxUnavailable();
        if (available >= needed) {
            conditions.set(
                    ConditionSet.AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
        } else {
            conditions.set(
                    ConditionSet.AVAILABLE,
                    "False",
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.");
        }
        DeploymentStatus old = old(deployment);
        return new DeploymentStatusBuilder(old)
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(Fields.count(all.stream().mapToInt(Sets::replicas).sum()))
                .withUpdatedReplicas(
                        Fields.count(view.newest().map(Sets::replicas).orElse(0)))
                .withReadyReplicas(
                        Fields.count(all.stream().mapToInt(Sets::ready).sum()))
                .withAvailableReplicas(Fields.count(available))
                .withUnavailableReplicas(Fields.count(Math.max(0, Sets.wanted(all) - available)))
                .withConditions(conditions.list())
                .build();
    }

    /** Judges progress: complete, moving, or past its deadline; and reports what keeps a ReplicaSet from its pods. */
    static void judge(RolloutView view, DeploymentStatus status, ConditionSet conditions, Instant now) {
        Deployment deployment = view.deployment();
        if (!hasDeadline(deployment)) {
            conditions.remove(ConditionSet.PROGRESSING);
        } else if (!settled(status, conditions)) {
            String subject = view.newest()
                    .map(set -> "ReplicaSet \"" + set.getMetadata().getName() + "\"")
                    .orElseGet(() -> "Deployment \"" + deployment.getMetadata().getName() + "\"");
            if (complete(deployment, status)) {
                conditions.set(
                        ConditionSet.PROGRESSING, "True", NEW_SET_AVAILABLE, subject + " has successfully progressed.");
            } else if (moved(old(deployment), status)) {
                conditions.touch(ConditionSet.PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.");
            } else if (timedOut(deployment, conditions, now)) {
                conditions.set(
                        ConditionSet.PROGRESSING, "False", DEADLINE_EXCEEDED, subject + " has timed out progressing.");
            }
        }
        noteFailure(view, conditions);
    }

    /** All pods are of the new template and available, and no others are left. */
    static boolean complete(Deployment deployment, DeploymentStatus status) {
        int wanted = Sets.wanted(deployment);
        return Fields.number(status.getUpdatedReplicas()) == wanted
                && Fields.number(status.getReplicas()) == wanted
                && Fields.number(status.getAvailableReplicas()) == wanted
                && Fields.number(status.getObservedGeneration())
                        >= Fields.number(deployment.getMetadata().getGeneration());
    }

    /** When the deadline will have to be judged though nothing happens; absent when there is nothing to wait for. */
    static Optional<Duration> untilDeadline(
            Deployment deployment, DeploymentStatus status, ConditionSet conditions, Instant now) {
        Optional<DeploymentCondition> progressing = conditions.find(ConditionSet.PROGRESSING);
        if (!hasDeadline(deployment)
                || progressing.isEmpty()
                || complete(deployment, status)
                || conditions.hasReason(ConditionSet.PROGRESSING, DEADLINE_EXCEEDED)
                || conditions.hasReason(ConditionSet.PROGRESSING, NEW_SET_AVAILABLE)) {
            return Optional.empty();
        }
        Instant deadline = Fields.instant(progressing.get().getLastUpdateTime())
                .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds());
        Duration left = Duration.between(now, deadline).plusSeconds(1);
        return Optional.of(left.isPositive() ? left : Duration.ofSeconds(1));
    }

    private static boolean settled(DeploymentStatus status, ConditionSet conditions) {
        return Fields.number(status.getReplicas()) == Fields.number(status.getUpdatedReplicas())
                && conditions.hasReason(ConditionSet.PROGRESSING, NEW_SET_AVAILABLE);
    }

    private static boolean moved(DeploymentStatus before, DeploymentStatus now) {
        int oldBefore = Fields.number(before.getReplicas()) - Fields.number(before.getUpdatedReplicas());
        int oldNow = Fields.number(now.getReplicas()) - Fields.number(now.getUpdatedReplicas());
        return Fields.number(now.getUpdatedReplicas()) > Fields.number(before.getUpdatedReplicas())
                || oldNow < oldBefore
                || Fields.number(now.getReadyReplicas()) > Fields.number(before.getReadyReplicas())
                || Fields.number(now.getAvailableReplicas()) > Fields.number(before.getAvailableReplicas());
    }

    private static boolean timedOut(Deployment deployment, ConditionSet conditions, Instant now) {
        Optional<DeploymentCondition> progressing = conditions.find(ConditionSet.PROGRESSING);
        if (progressing.isEmpty() || NEW_SET_AVAILABLE.equals(progressing.get().getReason())) {
            return false;
        }
        if (DEADLINE_EXCEEDED.equals(progressing.get().getReason())) {
            return true;
        }
        Instant deadline = Fields.instant(progressing.get().getLastUpdateTime())
                .plusSeconds(deployment.getSpec().getProgressDeadlineSeconds());
        return deadline.isBefore(now);
    }

    private static void noteFailure(RolloutView view, ConditionSet conditions) {
        Optional<ReplicaSetCondition> failure = view.newest()
                .flatMap(RolloutStatus::failure)
                .or(() -> view.old().stream()
                        .flatMap(set -> failure(set).stream())
                        .findFirst());
        if (failure.isEmpty()) {
            conditions.remove(ConditionSet.REPLICA_FAILURE);
            return;
        }
        conditions.set(
                ConditionSet.REPLICA_FAILURE,
                failure.get().getStatus(),
                Fields.text(failure.get().getReason()),
                Fields.text(failure.get().getMessage()));
    }

    private static Optional<ReplicaSetCondition> failure(ReplicaSet set) {
        return Fields.list(set.getStatus() == null ? null : set.getStatus().getConditions()).stream()
                .filter(c -> ConditionSet.REPLICA_FAILURE.equals(c.getType()))
                .findFirst();
    }

    private static DeploymentStatus old(Deployment deployment) {
        return deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    }
}
