package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.vertikube.controller.workload.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How far towards a recommendation it goes at once: stabilization over recent recommendations, then policies, then the
 * bounds of the autoscaler. Pure.
 *
 * @param behavior null for the rules of autoscalers that say nothing: twice as many or four at once, down after a while
 */
record ScalingRules(
        int least, int most, @Nullable HorizontalPodAutoscalerBehavior behavior, Duration downscaleStabilization) {

    private static final int FACTOR = 2;
    private static final int ALWAYS_ALLOWED = 4;

    /** A count and why it is that. */
    record Step(int replicas, String reason, String message) {}

    /**
     * Both steps.
     *
     * @param stabilized before policies and bounds; reason {@code ReadyForNewScale} if nothing was changed
     * @param limited what is to be done; reason {@code DesiredWithinRange} if nothing was changed
     */
    record Verdict(Step stabilized, Step limited) {}

    Verdict judge(int current, int wanted, Recommendations history, Instant now) {
        Step stabilized =
                behavior == null ? highestOf(wanted, history, now) : between(current, wanted, history, behavior, now);
        Step limited = behavior == null
                ? bounded(current, stabilized.replicas())
                : byPolicies(current, stabilized.replicas(), behavior, history, now);
        return new Verdict(stabilized, limited);
    }

    private Step highestOf(int wanted, Recommendations history, Instant now) {
        int highest = wanted;
        for (var recommendation : history.recommended()) {
            if (recommendation.at().isAfter(now.minus(downscaleStabilization))) {
                highest = Math.max(highest, recommendation.replicas());
            }
        }
        return highest == wanted ? asRecommended(wanted) : down(highest);
    }

    private Step between(
            int current, int wanted, Recommendations history, HorizontalPodAutoscalerBehavior rules, Instant now) {
        Instant upSince = now.minus(window(rules.getScaleUp(), Duration.ZERO));
        Instant downSince = now.minus(window(rules.getScaleDown(), downscaleStabilization));
        int lowest = wanted;
        int highest = wanted;
        for (var recommendation : history.recommended()) {
            if (recommendation.at().isAfter(upSince)) {
                lowest = Math.min(lowest, recommendation.replicas());
            }
            if (recommendation.at().isAfter(downSince)) {
                highest = Math.max(highest, recommendation.replicas());
            }
        }
        int stable = Math.min(Math.max(current, lowest), highest);
        if (stable == wanted) {
            return asRecommended(wanted);
        }
        return wanted >= current
                ? new Step(
                        stable,
                        "ScaleUpStabilized",
                        "recent recommendations were lower than current one, applying the lowest recent recommendation")
                : down(stable);
    }

    private static Duration window(@Nullable HPAScalingRules rules, Duration usual) {
        return rules == null || rules.getStabilizationWindowSeconds() == null
                ? usual
                : Duration.ofSeconds(rules.getStabilizationWindowSeconds());
    }

    private static Step asRecommended(int wanted) {
        return new Step(wanted, "ReadyForNewScale", "recommended size matches current size");
    }

    private static Step down(int replicas) {
        return new Step(
                replicas,
                "ScaleDownStabilized",
                "recent recommendations were higher than current one, applying the highest recent recommendation");
    }

    private Step bounded(int current, int wanted) {
        int fastest = Math.max(FACTOR * current, ALWAYS_ALLOWED);
        if (wanted < least) {
            return tooFew();
        }
        if (wanted > Math.min(most, fastest)) {
            return most > fastest ? tooFast(fastest) : tooMany();
        }
        return inRange(wanted);
    }

    private Step byPolicies(
            int current, int wanted, HorizontalPodAutoscalerBehavior rules, Recommendations history, Instant now) {
        if (wanted > current) {
            int fastest = Math.max(current, up(current, rules.getScaleUp(), history, now));
            if (wanted > Math.min(most, fastest)) {
                return most > fastest ? tooFast(fastest) : tooMany();
            }
        } else if (wanted < current) {
            int fastest = Math.min(current, down(current, rules.getScaleDown(), history, now));
            if (wanted < Math.max(least, fastest)) {
                return least < fastest
                        ? new Step(
                                fastest,
                                "ScaleDownLimit",
                                "the desired replica count is decreasing faster than the maximum scale rate")
                        : tooFew();
            }
        }
        return inRange(wanted);
    }

    private Step tooFew() {
        return new Step(least, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
    }

    private Step tooMany() {
        return new Step(most, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
    }

    private static Step tooFast(int fastest) {
        return new Step(
                fastest, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    }

    private static Step inRange(int wanted) {
        return new Step(wanted, "DesiredWithinRange", "the desired count is within the acceptable range");
    }

    private static int up(int current, @Nullable HPAScalingRules rules, Recommendations history, Instant now) {
        if (rules == null) {
            return Integer.MAX_VALUE;
        }
        if ("Disabled".equals(rules.getSelectPolicy())) {
            return current;
        }
        boolean smallest = "Min".equals(rules.getSelectPolicy());
        IntBinaryOperator choose = smallest ? Math::min : Math::max;
        int limit = smallest ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (HPAScalingPolicy policy : Fields.list(rules.getPolicies())) {
            int before = before(current, policy, history, now);
            long proposed = policy.getType().equals("Pods")
                    ? (long) before + policy.getValue()
                    : (long) Math.ceil(before * (1 + policy.getValue() / 100.0));
            limit = choose.applyAsInt(limit, (int) Math.min(Integer.MAX_VALUE, proposed));
        }
        return limit;
    }

    /** For a decrease the smallest change leaves the largest count. */
    private static int down(int current, @Nullable HPAScalingRules rules, Recommendations history, Instant now) {
        if (rules == null) {
            return 0;
        }
        if ("Disabled".equals(rules.getSelectPolicy())) {
            return current;
        }
        boolean smallest = "Min".equals(rules.getSelectPolicy());
        IntBinaryOperator choose = smallest ? Math::max : Math::min;
        int limit = smallest ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (HPAScalingPolicy policy : Fields.list(rules.getPolicies())) {
            int before = before(current, policy, history, now);
            int proposed = policy.getType().equals("Pods")
                    ? before - policy.getValue()
                    : (int) (before * (1 - policy.getValue() / 100.0));
            limit = choose.applyAsInt(limit, proposed);
        }
        return limit;
    }

    /** How many there were when a policy's period began. */
    private static int before(int current, HPAScalingPolicy policy, Recommendations history, Instant now) {
        return current
                - Recommendations.sum(history.ups(), policy.getPeriodSeconds(), now)
                + Recommendations.sum(history.downs(), policy.getPeriodSeconds(), now);
    }
}
