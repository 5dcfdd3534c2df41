package io.vertikube.controller.autoscaling;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.vertikube.controller.autoscaling.MetricOutcome.Failure;
import io.vertikube.controller.autoscaling.MetricOutcome.Proposal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingPlanTest {

    private static HorizontalPodAutoscaler autoscaler(int least, int most) {
        return new HorizontalPodAutoscalerBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("ns")
                .endMetadata()
                .withNewSpec()
                .withMinReplicas(least)
                .withMaxReplicas(most)
                .endSpec()
                .build();
    }

    /** A number is a metric that asks for so many, {@code x} one that fails. */
    private static List<MetricOutcome> outcomes(String words) {
        var all = new ArrayList<MetricOutcome>();
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            var status = new MetricStatus();
            status.setType("Resource");
            all.add(
                    word.equals("x")
                            ? new Failure("FailedGetPodsMetric", "no " + all.size())
                            : new Proposal(Integer.parseInt(word), "m" + all.size(), status));
        }
        return all;
    }

    private static String said(AutoscalerConditions conditions) {
        return conditions.list().stream()
                .map(c -> c.getType() + "=" + c.getStatus() + ":" + c.getReason())
                .collect(Collectors.joining(" "));
    }

    private static ScalingPlan plan(int least, int most, int current, String words) {
        var hpa = autoscaler(least, most);
        return ScalingPlan.of(
                hpa,
                current,
                outcomes(words),
                new AutoscalerConditions(hpa, NOW),
                Recommendations.NONE,
                AutoscalingTimings.defaults(),
                NOW);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // least, most, current, metrics, desired, why, conditions
                "1, 5, 0, '', 0, '', ScalingActive=False:ScalingDisabled",
                "1, 5, 9, '', 5, Current number of replicas above Spec.MaxReplicas, ''",
                "2, 5, 1, '', 2, Current number of replicas below Spec.MinReplicas, ''",
                "1, 5, 2, 3 4, 4, m1 above target, ScalingActive=True:ValidMetricFound"
                        + " AbleToScale=True:ReadyForNewScale ScalingLimited=False:DesiredWithinRange",
                "1, 5, 2, 9, 4, m0 above target, ScalingActive=True:ValidMetricFound"
                        + " AbleToScale=True:ReadyForNewScale ScalingLimited=True:ScaleUpLimit",
                "1, 5, 2, 1, 2, All metrics below target, ScalingActive=True:ValidMetricFound"
                        + " AbleToScale=True:ScaleDownStabilized ScalingLimited=False:DesiredWithinRange",
                "1, 5, 2, x, 2, '', ScalingActive=False:FailedGetPodsMetric",
                "1, 5, 2, 1 x, 2, '', ScalingActive=False:FailedGetPodsMetric",
                "1, 5, 2, x 3, 3, m1 above target, ScalingActive=True:ValidMetricFound"
                        + " AbleToScale=True:ReadyForNewScale ScalingLimited=False:DesiredWithinRange",
            })
    void whatIsDoneAndSaid(int least, int most, int current, String words, int desired, String why, String conditions) {
        ScalingPlan plan = plan(least, most, current, words);
        assertThat(plan.desired()).isEqualTo(desired);
        assertThat(plan.why()).isEqualTo(why);
        assertThat(said(plan.conditions())).isEqualTo(conditions);
    }

    @Test
    void failuresAreToldOneByOneAndTogether() {
        ScalingPlan plan = plan(1, 5, 2, "x 1 x");
        assertThat(plan.computed()).isFalse();
        assertThat(plan.say())
                .containsExactly(
                        new Failure("FailedGetPodsMetric", "no 0"),
                        new Failure("FailedGetPodsMetric", "no 2"),
                        new Failure(
                                "FailedComputeMetricsReplicas",
                                "invalid metrics (2 invalid out of 3), first error is: no 0"));
        assertThat(plan.metrics()).hasSize(2);
    }

    /** Load comes and goes; pods follow it in virtual time, up at once, down after five minutes of calm. */
    @Test
    void podsFollowTheirLoad() {
        var hpa = autoscaler(1, 10);
        Recommendations history = Recommendations.NONE;
        int replicas = 1;
        var steps = new ArrayList<String>();
        for (int second = 0; second <= 1200; second += 15) {
            Instant now = NOW.plusSeconds(second);
            int load = second < 60 ? 1 : second < 300 ? 9 : 2;
            var conditions = new AutoscalerConditions(hpa, now);
            var outcome = new Proposal(load, "load", new MetricStatus());
            ScalingPlan plan = ScalingPlan.of(
                    hpa, replicas, List.of(outcome), conditions, history, AutoscalingTimings.defaults(), now);
            history = plan.history();
            if (plan.desired() != replicas) {
                history = history.scaled(replicas, plan.desired(), now);
                replicas = plan.desired();
                steps.add(replicas + "@" + second);
            }
        }
        assertThat(steps).containsExactly("4@60", "8@75", "9@90", "2@585");
    }
}
