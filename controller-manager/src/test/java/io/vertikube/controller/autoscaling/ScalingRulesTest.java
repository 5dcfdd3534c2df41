package io.vertikube.controller.autoscaling;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingRulesTest {

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** {@code 10@20}: ten replicas twenty seconds ago. */
    private static Recommendations recommended(String text) {
        Recommendations history = Recommendations.NONE;
        for (String each : text.isEmpty() ? new String[0] : text.split(" ")) {
            String[] parts = each.split("@");
            history = history.recommend(Integer.parseInt(parts[0]), NOW.minusSeconds(Long.parseLong(parts[1])));
        }
        return history;
    }

    @ParameterizedTest
    @CsvSource({
        // least, most, current, wanted, recommended before, gets, stabilized, limited
        "1, 10, 4, 6, '', 6, ReadyForNewScale, DesiredWithinRange",
        "1, 10, 4, 20, '', 8, ReadyForNewScale, ScaleUpLimit",
        "1, 10, 1, 20, '', 4, ReadyForNewScale, ScaleUpLimit",
        "1, 10, 8, 20, '', 10, ReadyForNewScale, TooManyReplicas",
        "3, 10, 4, 1, '', 3, ReadyForNewScale, TooFewReplicas",
        "1, 10, 8, 2, '8@60', 8, ScaleDownStabilized, DesiredWithinRange",
        "1, 10, 8, 2, '8@301 5@299', 5, ScaleDownStabilized, DesiredWithinRange",
        "1, 10, 8, 2, '8@301', 2, ReadyForNewScale, DesiredWithinRange",
        "0, 10, 1, 0, '', 0, ReadyForNewScale, DesiredWithinRange",
    })
    void withoutBehavior(
            int least, int most, int current, int wanted, String before, int gets, String stabilized, String limited) {
        var verdict =
                new ScalingRules(least, most, null, FIVE_MINUTES).judge(current, wanted, recommended(before), NOW);
        assertThat(verdict.limited().replicas()).isEqualTo(gets);
        assertThat(verdict.stabilized().reason()).isEqualTo(stabilized);
        assertThat(verdict.limited().reason()).isEqualTo(limited);
    }

    /** {@code Max 0 Pods:4/15 Percent:100/15}: policy, window in seconds (- for unset), policies. */
    private static HPAScalingRules rules(String text) {
        String[] words = text.split(" ");
        var policies = new ArrayList<HPAScalingPolicy>();
        for (String word : List.of(words).subList(2, words.length)) {
            String[] parts = word.split("[:/]");
            policies.add(new HPAScalingPolicy(Integer.valueOf(parts[2]), parts[0], Integer.valueOf(parts[1])));
        }
        return new HPAScalingRules(policies, words[0], words[1].equals("-") ? null : Integer.valueOf(words[1]), null);
    }

    /** {@code +4@10 -2@20}: four more ten seconds ago, two less twenty seconds ago. */
    private static Recommendations changed(Recommendations history, String text) {
        Recommendations with = history;
        for (String each : text.isEmpty() ? new String[0] : text.split(" ")) {
            String[] parts = each.split("@");
            int by = Integer.parseInt(parts[0]);
            with = with.scaled(Math.max(0, -by), Math.max(0, by), NOW.minusSeconds(Long.parseLong(parts[1])));
        }
        return with;
    }

    private static final String UP = "Max 0 Pods:4/15 Percent:100/15";
    private static final String DOWN = "Max - Percent:100/15";

    @ParameterizedTest
    @CsvSource({
        // rules up, rules down, current, wanted, recommended, changed, gets, stabilized, limited
        "UP, DOWN, 4, 20, '', '', 8, ReadyForNewScale, ScaleUpLimit",
        "UP, DOWN, 10, 30, '', '', 20, ReadyForNewScale, ScaleUpLimit",
        "UP, DOWN, 60, 200, '', '', 100, ReadyForNewScale, TooManyReplicas",
        "UP, DOWN, 8, 20, '', '+4@10', 8, ReadyForNewScale, ScaleUpLimit",
        "UP, DOWN, 8, 20, '', '+4@15', 16, ReadyForNewScale, ScaleUpLimit",
        "UP, DOWN, 8, 20, '', '-4@10', 20, ReadyForNewScale, DesiredWithinRange",
        "Min 0 Pods:4/15 Percent:10/15, DOWN, 20, 50, '', '', 22, ReadyForNewScale, ScaleUpLimit",
        "Disabled 0, DOWN, 20, 50, '', '', 20, ReadyForNewScale, ScaleUpLimit",
        "Max 60 Pods:50/15, DOWN, 5, 50, '5@59 9@30', '', 5, ScaleUpStabilized, DesiredWithinRange",
        "Max 60 Pods:50/15, DOWN, 5, 50, '5@61 9@30', '', 9, ScaleUpStabilized, DesiredWithinRange",
        "UP, DOWN, 20, 2, '20@299', '', 20, ScaleDownStabilized, DesiredWithinRange",
        "UP, Max 0 Percent:100/15, 20, 2, '20@299', '', 2, ReadyForNewScale, DesiredWithinRange",
        "UP, Max 0 Percent:100/15, 20, 0, '', '', 1, ReadyForNewScale, TooFewReplicas",
        "UP, Max 0 Percent:10/60, 20, 2, '', '', 18, ReadyForNewScale, ScaleDownLimit",
        "UP, Max 0 Percent:10/60, 18, 2, '', '-2@30', 18, ReadyForNewScale, ScaleDownLimit",
        "UP, Max 0 Percent:10/60, 18, 2, '', '-2@60', 16, ReadyForNewScale, ScaleDownLimit",
        "UP, Max 0 Pods:5/60 Percent:10/60, 20, 2, '', '', 15, ReadyForNewScale, ScaleDownLimit",
        "UP, Min 0 Pods:5/60 Percent:10/60, 20, 2, '', '', 18, ReadyForNewScale, ScaleDownLimit",
        "UP, Disabled 0, 20, 2, '', '', 20, ReadyForNewScale, ScaleDownLimit",
    })
    void withBehavior(
            String up,
            String down,
            int current,
            int wanted,
            String before,
            String changes,
            int gets,
            String stabilized,
            String limited) {
        var behavior = new HorizontalPodAutoscalerBehavior(
                rules(down.equals("DOWN") ? DOWN : down), rules(up.equals("UP") ? UP : up));
        var verdict = new ScalingRules(1, 100, behavior, FIVE_MINUTES)
                .judge(current, wanted, changed(recommended(before), changes), NOW);
        assertThat(verdict.limited().replicas()).isEqualTo(gets);
        assertThat(verdict.stabilized().reason()).isEqualTo(stabilized);
        assertThat(verdict.limited().reason()).isEqualTo(limited);
    }
}
