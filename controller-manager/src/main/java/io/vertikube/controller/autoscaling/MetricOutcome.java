package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;

/** What one metric says. Immutable. */
sealed interface MetricOutcome {

    /**
     * How many pods it asks for.
     *
     * @param name as events name it: {@code cpu resource utilization (percentage of request)}
     */
    record Proposal(int replicas, String name, MetricStatus status) implements MetricOutcome {}

    /**
     * Nothing.
     *
     * @param reason {@code FailedGetResourceMetric}, …
     */
    record Failure(String reason, String message) implements MetricOutcome {}
}
