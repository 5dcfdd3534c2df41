package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.vertikube.controller.autoscaling.MetricOutcome.Failure;
import io.vertikube.controller.autoscaling.MetricOutcome.Proposal;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What to do about a target that can be read: how many pods it gets, and what is told about that. Immutable.
 *
 * @param desired as many as now if nothing is to be done
 * @param why the reason in the event of a change
 * @param metrics what was measured, by the place of the metric in the spec
 * @param say warnings, in order
 * @param computed whether a number could be found; else the last one stays in the status
 * @param history with what this look recommends
 */
record ScalingPlan(
        int desired,
        String why,
        AutoscalerConditions conditions,
        List<MetricStatus> metrics,
        List<Failure> say,
        boolean computed,
        Recommendations history) {

    ScalingPlan {
        metrics = List.copyOf(metrics);
        say = List.copyOf(say);
    }

    static int least(HorizontalPodAutoscaler autoscaler) {
        return Fields.number(autoscaler.getSpec().getMinReplicas(), 1);
    }

    /** Whether the number depends on metrics at all. */
    static boolean needsMetrics(HorizontalPodAutoscaler autoscaler, int current) {
        int least = least(autoscaler);
        return (current > 0 || least == 0)
                && current >= least
                && current <= autoscaler.getSpec().getMaxReplicas();
    }

    /**
     * @param current how many the target is told to have
     * @param outcomes of each metric of the spec, in order; empty where none are needed
     * @param conditions as they stand, which the plan changes
     */
    static ScalingPlan of(
            HorizontalPodAutoscaler autoscaler,
            int current,
            List<MetricOutcome> outcomes,
            AutoscalerConditions conditions,
            Recommendations before,
            AutoscalingTimings timings,
            Instant now) {
        int least = least(autoscaler);
        int most = autoscaler.getSpec().getMaxReplicas();
        Recommendations history = before.begunAt(current, now);
        if (current == 0 && least != 0) {
            conditions.set(
                    "ScalingActive",
                    false,
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
            return new ScalingPlan(0, "", conditions, List.of(), List.of(), true, history);
        }
        if (current > most) {
            return bound(most, "Current number of replicas above Spec.MaxReplicas", conditions, history);
        }
        if (current < least) {
            return bound(least, "Current number of replicas below Spec.MinReplicas", conditions, history);
        }
        var rules = new ScalingRules(least, most, autoscaler.getSpec().getBehavior(), timings.downscaleStabilization());
        return byMetrics(current, outcomes, rules, conditions, history, now);
    }

    private static ScalingPlan bound(
            int desired, String why, AutoscalerConditions conditions, Recommendations history) {
        return new ScalingPlan(desired, why, conditions, List.of(), List.of(), true, history);
    }

    private static ScalingPlan byMetrics(
            int current,
            List<MetricOutcome> outcomes,
            ScalingRules rules,
            AutoscalerConditions conditions,
            Recommendations history,
            Instant now) {
        var failures = new ArrayList<Failure>();
        var statuses = new ArrayList<MetricStatus>();
        int wanted = -1;
        String metric = "";
        for (MetricOutcome outcome : outcomes) {
            switch (outcome) {
                case Failure failure -> {
                    failures.add(failure);
                    statuses.add(new MetricStatus());
                }
                case Proposal proposal -> {
                    statuses.add(proposal.status());
                    if (proposal.replicas() > wanted) {
                        wanted = proposal.replicas();
                        metric = proposal.name();
                    }
                }
            }
        }
        while (!statuses.isEmpty() && statuses.getLast().getType() == null) {
            statuses.removeLast();
        }
        // A metric that is not known could ask for more, so nothing is taken away.
        if (failures.size() == outcomes.size() || (!failures.isEmpty() && wanted < current)) {
            return unknown(current, outcomes.size(), failures, statuses, conditions, history);
        }
        conditions.set(
                "ScalingActive",
                true,
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from " + metric);
        var verdict = rules.judge(current, wanted, history, now);
        var stabilized = verdict.stabilized();
        var limited = verdict.limited();
        conditions.set("AbleToScale", true, stabilized.reason(), stabilized.message());
        conditions.set(
                "ScalingLimited", limited.replicas() != stabilized.replicas(), limited.reason(), limited.message());
        String why = wanted > current ? metric + " above target" : "All metrics below target";
        return new ScalingPlan(
                limited.replicas(), why, conditions, statuses, failures, true, history.recommend(wanted, now));
    }

    private static ScalingPlan unknown(
            int current,
            int asked,
            List<Failure> failures,
            List<MetricStatus> statuses,
            AutoscalerConditions conditions,
            Recommendations history) {
        Failure first = failures.getFirst();
        conditions.set(
                "ScalingActive",
                false,
                first.reason(),
                "the HPA was unable to compute the replica count: " + first.message());
        var say = new ArrayList<>(failures);
        say.add(new Failure(
                "FailedComputeMetricsReplicas",
                "invalid metrics (" + failures.size() + " invalid out of " + asked + "), first error is: "
                        + first.message()));
        return new ScalingPlan(current, "", conditions, statuses, say, false, history);
    }
}
