package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a Deployment while a plan works on them. Confined to the plan that made it. */
final class ConditionSet {
    static final String AVAILABLE = "Available";
    static final String PROGRESSING = "Progressing";
    static final String REPLICA_FAILURE = "ReplicaFailure";

    private final List<DeploymentCondition> conditions;
    private final Instant now;

    ConditionSet(Deployment deployment, Instant now) {
        this.conditions = new ArrayList<>(Fields.list(
                deployment.getStatus() == null ? null : deployment.getStatus().getConditions()));
        this.now = now;
    }

    List<DeploymentCondition> list() {
        return List.copyOf(conditions);
    }

    Optional<DeploymentCondition> find(String type) {
        return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    boolean hasReason(String type, String reason) {
        return find(type).filter(c -> reason.equals(c.getReason())).isPresent();
    }

    void remove(String type) {
        conditions.removeIf(c -> type.equals(c.getType()));
    }

    /** Sets a condition; one that has the same status and reason already stays as it is, times and message included. */
    void set(String type, String status, String reason, String message) {
        Optional<DeploymentCondition> before = find(type);
        boolean stands = before.filter(c -> status.equals(c.getStatus()) && reason.equals(c.getReason()))
                .isPresent();
        if (!stands) {
            touch(type, status, reason, message);
        }
    }

    /** Sets a condition and its update time even if it says what it said; the transition time follows the status alone. */
    void touch(String type, String status, String reason, String message) {
        String time = Fields.time(now);
        String transition = find(type)
                .filter(c -> status.equals(c.getStatus()))
                .map(DeploymentCondition::getLastTransitionTime)
                .orElse(time);
        remove(type);
        conditions.add(new DeploymentCondition(transition, time, message, reason, status, type));
    }
}
