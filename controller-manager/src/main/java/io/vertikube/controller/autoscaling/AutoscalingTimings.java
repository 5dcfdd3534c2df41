package io.vertikube.controller.autoscaling;

import java.time.Duration;

/**
 * How patient autoscaling is; kube-controller-manager's {@code --horizontal-pod-autoscaler-…} flags. Immutable.
 *
 * @param syncPeriod between two looks at an autoscaler
 * @param tolerance how far a ratio may be from 1 without anything being done
 * @param downscaleStabilization how long a higher recommendation keeps pods, unless the autoscaler says otherwise
 * @param cpuInitializationPeriod how long after its start a pod's CPU counts only while it is ready
 * @param initialReadinessDelay how long after its start a pod that was never ready counts as starting
 */
public record AutoscalingTimings(
        Duration syncPeriod,
        double tolerance,
        Duration downscaleStabilization,
        Duration cpuInitializationPeriod,
        Duration initialReadinessDelay) {

    public static AutoscalingTimings defaults() {
        return new AutoscalingTimings(
                Duration.ofSeconds(15), 0.1, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofSeconds(30));
    }
}
