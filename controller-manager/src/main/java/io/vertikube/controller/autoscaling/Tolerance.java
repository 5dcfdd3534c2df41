package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.vertikube.value.Quantities;
import org.jspecify.annotations.Nullable;

/** How far a ratio may be below and above 1 without anything being done (KEP-4951). Immutable. */
record Tolerance(double down, double up) {

    static Tolerance of(HorizontalPodAutoscaler autoscaler, double usual) {
        var behavior = autoscaler.getSpec().getBehavior();
        return behavior == null
                ? new Tolerance(usual, usual)
                : new Tolerance(of(behavior.getScaleDown(), usual), of(behavior.getScaleUp(), usual));
    }

    private static double of(@Nullable HPAScalingRules rules, double usual) {
        return rules == null || rules.getTolerance() == null
                ? usual
                : Quantities.parse(rules.getTolerance().toString()).doubleValue();
    }

    boolean covers(double ratio) {
        return ratio < 1 ? 1 - ratio <= down : ratio - 1 <= up;
    }
}
