package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.deployment.DeploymentAction.CreateSet;
import io.vertikube.controller.deployment.DeploymentAction.RecordRevision;
import io.vertikube.controller.deployment.DeploymentAction.UpdateSet;
import io.vertikube.controller.deployment.DeploymentAction.WriteStatus;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The next writes for one Deployment, from it and its ReplicaSets as last seen. Each pass takes one step; what the writes cause
 * brings the next. Immutable.
 *
 * @param lookAgain when to look again though nothing happens: the progress deadline
 */
record DeploymentPlan(List<DeploymentAction> actions, Optional<Duration> lookAgain) {
    DeploymentPlan {
        actions = List.copyOf(actions);
    }

    static DeploymentPlan of(RolloutView view, Instant now) {
        return new Pass(view, now).plan();
    }

    /** One pass over one view; confined to the call that makes it. */
    private static final class Pass {
        private final RolloutView view;
        private final Deployment deployment;
        private final Instant now;
        private final ConditionSet conditions;
        private final List<DeploymentAction> actions = new ArrayList<>();

        private Pass(RolloutView view, Instant now) {
            this.view = view;
            this.deployment = view.deployment();
            this.now = now;
            this.conditions = new ConditionSet(deployment, now);
        }

        private DeploymentPlan plan() {
            if (deployment.getMetadata().getDeletionTimestamp() != null) {
                return finish(false);
            }
            RolloutStatus.notePause(deployment, conditions);
            boolean paused = Fields.flag(deployment.getSpec().getPaused());
            if (paused || Scaling.isDue(view)) {
                if (!view.newest().map(this::bringUpToDate).orElse(false)) {
                    actions.addAll(Scaling.plan(view));
                }
                if (paused) {
                    actions.addAll(Rollout.cleanup(view));
                }
                return finish(false);
            }
            if (view.newest().isPresent()) {
                roll(view.newest().get());
            } else {
                begin();
            }
            return finish(true);
        }

        /** No set has the template yet: create it, under Recreate only once the old pods have ended. */
        private void begin() {
            if (!ReplicaMath.isRolling(deployment)) {
                var shrink = Rollout.recreate(view);
                if (!shrink.isEmpty() || view.oldPodsRun()) {
                    actions.addAll(shrink);
                    return;
                }
            }
            long revision = Revisions.next(view.old());
            ReplicaSet set = Revisions.create(deployment, revision, Rollout.newestSize(view, 0));
            actions.add(new CreateSet(set));
            recordRevision(revision);
            conditions.remove(AutomaticRollback.CONDITION);
            if (RolloutStatus.hasDeadline(deployment)) {
                conditions.set(
                        ConditionSet.PROGRESSING,
                        "True",
                        "NewReplicaSetCreated",
                        "Created new replica set \"" + set.getMetadata().getName() + "\"");
            }
        }

        private void roll(ReplicaSet newest) {
            boolean updated = bringUpToDate(newest);
            if (RolloutStatus.hasDeadline(deployment)
                    && conditions.find(ConditionSet.PROGRESSING).isEmpty()) {
                conditions.set(
                        ConditionSet.PROGRESSING,
                        "True",
                        "FoundNewReplicaSet",
                        "Found new replica set \"" + newest.getMetadata().getName() + "\"");
            }
            if (updated) {
                return;
            }
            if (ReplicaMath.isRolling(deployment)) {
                actions.addAll(Rollout.rolling(view, newest));
                return;
            }
            var shrink = Rollout.recreate(view);
            actions.addAll(shrink);
            if (shrink.isEmpty() && !view.oldPodsRun() && Sets.wanted(newest) != view.wanted()) {
                actions.add(Rollout.scale(deployment, newest, view.wanted()));
            }
        }

        /** Writes annotations and readiness delay of the newest set if they are behind; whether there was a need. */
        private boolean bringUpToDate(ReplicaSet newest) {
            ReplicaSet current = Revisions.current(newest, deployment, Revisions.next(view.old()));
            boolean behind = !current.equals(newest);
            if (behind) {
                actions.add(new UpdateSet(current));
            }
            recordRevision(Revisions.revision(current));
            return behind;
        }

        private void recordRevision(long revision) {
            if (revision > 0 && Revisions.revision(deployment) != revision) {
                actions.add(new RecordRevision(Long.toString(revision)));
            }
        }

        private DeploymentPlan finish(boolean judge) {
            DeploymentStatus status = RolloutStatus.counts(view, conditions);
            Optional<DeploymentAction> rollback = Optional.empty();
            if (judge) {
                if (RolloutStatus.complete(deployment, status)) {
                    actions.addAll(Rollout.cleanup(view));
                }
                RolloutStatus.judge(view, status, conditions, now);
                rollback = AutomaticRollback.plan(view, conditions);
                if (actions.isEmpty()) {
                    AutomaticRollback.noteCompletion(view, status).ifPresent(actions::add);
                }
            }
            status = new DeploymentStatusBuilder(status)
                    .withConditions(conditions.list())
                    .build();
            if (!Same.meaning(status, deployment.getStatus())) {
                actions.add(new WriteStatus(status));
            }
            rollback.ifPresent(actions::add);
            Optional<Duration> lookAgain =
                    judge ? RolloutStatus.untilDeadline(deployment, status, conditions, now) : Optional.empty();
            return new DeploymentPlan(actions, lookAgain);
        }
    }
}
