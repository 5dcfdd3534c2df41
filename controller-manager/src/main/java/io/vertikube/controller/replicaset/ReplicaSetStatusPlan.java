package io.vertikube.controller.replicaset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import io.vertikube.value.Selectors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The status of a ReplicaSet from its pods, and when to look again because a ready pod becomes available by the clock alone.
 * Immutable.
 */
public record ReplicaSetStatusPlan(ReplicaSetStatus status, Optional<Duration> lookAgain) {
    static final String REPLICA_FAILURE = "ReplicaFailure";

    /** What kept the last pass from reaching the count, as the reason and message of its condition. */
    public record Failure(String reason, String message) {}

    public static ReplicaSetStatusPlan of(ReplicaSet set, List<Pod> pods, Optional<Failure> failure, Instant now) {
        int minReadySeconds = Fields.number(set.getSpec().getMinReadySeconds());
        var template = set.getSpec().getTemplate();
        var labels = Selectors.labels(Fields.map(
                template == null || template.getMetadata() == null
                        ? null
                        : template.getMetadata().getLabels()));
        int labelled = 0;
        int ready = 0;
        int available = 0;
        Optional<Duration> lookAgain = Optional.empty();
        for (Pod pod : pods) {
            if (labels.matches(Fields.map(pod.getMetadata().getLabels()))) {
                labelled++;
            }
            if (Pods.ready(pod)) {
                ready++;
                if (Pods.available(pod, minReadySeconds, now)) {
                    available++;
                } else {
                    lookAgain = sooner(lookAgain, Pods.untilAvailable(pod, minReadySeconds, now));
                }
            }
        }
        ReplicaSetStatus old = set.getStatus() == null ? new ReplicaSetStatus() : set.getStatus();
        ReplicaSetStatus status = new ReplicaSetStatusBuilder(old)
                .withReplicas(pods.size())
                .withFullyLabeledReplicas(Fields.count(labelled))
                .withReadyReplicas(Fields.count(ready))
                .withAvailableReplicas(Fields.count(available))
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withConditions(conditions(old, failure, now))
                .build();
        return new ReplicaSetStatusPlan(status, lookAgain);
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSetStatus old, Optional<Failure> failure, Instant now) {
        var conditions = new ArrayList<ReplicaSetCondition>();
        boolean told = false;
        for (ReplicaSetCondition condition : Fields.list(old.getConditions())) {
            if (!REPLICA_FAILURE.equals(condition.getType())) {
                conditions.add(condition);
            } else if (failure.isPresent()) {
                conditions.add(condition);
                told = true;
            }
        }
        if (failure.isPresent() && !told) {
            conditions.add(new ReplicaSetCondition(
                    Fields.time(now), failure.get().message(), failure.get().reason(), "True", REPLICA_FAILURE));
        }
        return conditions;
    }

    private static Optional<Duration> sooner(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().compareTo(other.get()) <= 0 ? one : other;
    }
}
