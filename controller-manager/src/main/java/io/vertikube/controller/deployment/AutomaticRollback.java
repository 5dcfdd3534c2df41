package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.vertikube.controller.deployment.DeploymentAction.RollBack;
import io.vertikube.controller.deployment.DeploymentAction.UpdateSet;
import io.vertikube.controller.workload.Fields;
import java.util.Comparator;
import java.util.Optional;

/**
 * Beyond Kubernetes: a Deployment with annotation {@value #ASKED} {@code = "true"} that misses its progress deadline goes back to
 * its last revision that was once complete. Which those are, the ReplicaSets say themselves. A revision that has been complete is
 * never left: what fails then is not the template. Pure.
 */
final class AutomaticRollback {
    static final String ASKED = "vertikube.io/automatic-rollback";
    static final String COMPLETE = "vertikube.io/was-complete";
    static final String CONDITION = "RolledBack";
    static final String EVENT = "DeploymentRollback";

    private AutomaticRollback() {}

    /** Marks the newest set of a Deployment that asked, once all of its pods are available. */
    static Optional<DeploymentAction> noteCompletion(RolloutView view, DeploymentStatus status) {
        if (!asked(view.deployment()) || !RolloutStatus.complete(view.deployment(), status)) {
            return Optional.empty();
        }
        return view.newest()
                .filter(set -> !wasComplete(set))
                .map(set -> new UpdateSet(new ReplicaSetBuilder(set)
                        .editMetadata()
                        .addToAnnotations(COMPLETE, "true")
                        .endMetadata()
                        .build()));
    }

    /** Where to go back to, if the deadline has been missed; the condition says so, and also if there is nowhere to go. */
    static Optional<DeploymentAction> plan(RolloutView view, ConditionSet conditions) {
        boolean missed = conditions.hasReason(ConditionSet.PROGRESSING, RolloutStatus.DEADLINE_EXCEEDED);
        if (!asked(view.deployment())
                || !missed
                || view.newest().filter(set -> !wasComplete(set)).isEmpty()) {
            return Optional.empty();
        }
        ReplicaSet failed = view.newest().get();
        String why = conditions
                .find(ConditionSet.PROGRESSING)
                .map(DeploymentCondition::getMessage)
                .orElse("");
        Optional<ReplicaSet> last = view.old().stream()
                .filter(AutomaticRollback::wasComplete)
                .max(Comparator.comparingLong(Revisions::revision));
        if (last.isEmpty()) {
            conditions.set(
                    CONDITION, "False", "NoCompleteRevision", "No earlier revision has ever been complete. " + why);
            return Optional.empty();
        }
        String told = "Rolled back from revision " + Revisions.revision(failed) + " to revision "
                + Revisions.revision(last.get()) + ": " + why;
        conditions.set(CONDITION, "True", RolloutStatus.DEADLINE_EXCEEDED, told);
        return Optional.of(new RollBack(last.get(), told));
    }

    private static boolean asked(Deployment deployment) {
        return "true"
                .equals(Fields.map(deployment.getMetadata().getAnnotations()).get(ASKED));
    }

    private static boolean wasComplete(ReplicaSet set) {
        return "true".equals(Fields.map(set.getMetadata().getAnnotations()).get(COMPLETE));
    }
}
