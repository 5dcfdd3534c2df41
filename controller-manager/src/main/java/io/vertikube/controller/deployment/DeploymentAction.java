package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;

/** One write that a {@link DeploymentPlan} asks for, in the order in which they are to be done. */
sealed interface DeploymentAction {
    /** Create the ReplicaSet of a new template. */
    record CreateSet(ReplicaSet set) implements DeploymentAction {}

    /** Write a ReplicaSet whose annotations or readiness delay are behind the Deployment's. */
    record UpdateSet(ReplicaSet set) implements DeploymentAction {}

    /** Write a ReplicaSet with another count; {@code set} carries it already. */
    record ScaleSet(ReplicaSet set, int from) implements DeploymentAction {
        int to() {
            return Sets.wanted(set);
        }
    }

    /** Delete a ReplicaSet that history no longer keeps. */
    record DeleteSet(ReplicaSet set) implements DeploymentAction {}

    /** Note on the Deployment which revision it is at. */
    record RecordRevision(String revision) implements DeploymentAction {}

    /** Put the template of an earlier revision back, because the present one does not come up. */
    record RollBack(ReplicaSet to, String told) implements DeploymentAction {}

    /** Write the Deployment's status. */
    record WriteStatus(DeploymentStatus status) implements DeploymentAction {}
}
