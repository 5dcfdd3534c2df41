package io.vertikube.controller.disruption;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.vertikube.controller.Fixtures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a budget allows, as a table. */
final class BudgetPlanTest {

    @ParameterizedTest(name = "min {0}, max {1}, {2} ready and {3} not, {4} wanted")
    @CsvSource(
            nullValues = "-",
            value = {
                // min, max, ready, not ready, wanted | expected, desired, healthy, allowed
                "2,   -,    3, 0, 0,   3, 2, 3, 1",
                "2,   -,    2, 1, 0,   3, 2, 2, 0",
                "5,   -,    3, 0, 0,   3, 5, 3, 0",
                "0,   -,    1, 0, 0,   1, 0, 1, 1",
                "0,   -,    0, 0, 0,   0, 0, 0, 0",
                "50%, -,    3, 0, 3,   3, 2, 3, 1",
                "50%, -,    3, 0, 7,   7, 4, 3, 0",
                "0%,  -,    2, 0, 2,   2, 0, 2, 2",
                "-,   1,    3, 0, 3,   3, 2, 3, 1",
                "-,   1,    3, 0, 4,   4, 3, 3, 0",
                "-,   0,    3, 0, 3,   3, 3, 3, 0",
                "-,   30%,  3, 0, 3,   3, 2, 3, 1",
                "-,   100%, 3, 0, 3,   3, 0, 3, 3",
                "-,   5,    2, 1, 3,   3, 0, 2, 2",
            })
    void allows(
            String min,
            String max,
            int ready,
            int unready,
            int wanted,
            int expected,
            int desired,
            int healthy,
            int allowed) {
        var status = BudgetPlan.of(budget(min, max), pods(ready, unready), wanted, NOW)
                .status();
        assertThat(List.of(
                        status.getExpectedPods(),
                        status.getDesiredHealthy(),
                        status.getCurrentHealthy(),
                        status.getDisruptionsAllowed()))
                .containsExactly(expected, desired, healthy, allowed);
        var condition = status.getConditions().getFirst();
        assertThat(condition.getType() + " " + condition.getStatus() + " " + condition.getReason())
                .isEqualTo(
                        allowed > 0
                                ? "DisruptionAllowed True SufficientPods"
                                : "DisruptionAllowed False InsufficientPods");
    }

    @Test
    void anAllowedEvictionIsSpentUntilItsPodGoesOrTwoMinutesHavePassed() {
        PodDisruptionBudget budget = new PodDisruptionBudgetBuilder(budget("1", null))
                .withNewStatus()
                .withDisruptedPods(Map.of(
                        "ready-0", Fixtures.ago(30),
                        "ready-1", Fixtures.ago(121),
                        "ready-2", Fixtures.ago(10),
                        "gone", Fixtures.ago(10)))
                .endStatus()
                .build();
        var pods = new ArrayList<>(pods(4, 0));
        pods.set(
                2,
                new PodBuilder(pods.get(2))
                        .editMetadata()
                        .withDeletionTimestamp(Fixtures.ago(1))
                        .endMetadata()
                        .build());
        BudgetPlan plan = BudgetPlan.of(budget, pods, 0, NOW);
        assertThat(plan.status().getDisruptedPods()).containsOnlyKeys("ready-0");
        assertThat(plan.status().getCurrentHealthy()).isEqualTo(2);
        assertThat(plan.status().getDisruptionsAllowed()).isEqualTo(1);
        assertThat(plan.lookAgain()).contains(Duration.ofSeconds(90));
        assertThat(plan.notDeleted())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("ready-1");
    }

    @Test
    void whatCannotBeCountedAllowsNothingAndSaysWhy() {
        PodDisruptionBudget before = new PodDisruptionBudgetBuilder(budget(null, "1"))
                .withStatus(BudgetPlan.of(budget(null, "1"), pods(3, 0), 3, NOW.minusSeconds(60))
                        .status())
                .build();
        var status = BudgetPlan.failed(before, "no controllers", NOW);
        assertThat(status.getDisruptionsAllowed()).isZero();
        assertThat(status.getCurrentHealthy()).isEqualTo(3);
        assertThat(status.getConditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getReason()).isEqualTo("SyncFailed");
            assertThat(condition.getMessage()).isEqualTo("no controllers");
            assertThat(condition.getLastTransitionTime()).isEqualTo(NOW.toString());
        });
    }

    @Test
    void aConditionKeepsItsTimeWhileItHolds() {
        PodDisruptionBudget before = new PodDisruptionBudgetBuilder(budget("1", null))
                .withStatus(BudgetPlan.of(budget("1", null), pods(3, 0), 0, NOW.minusSeconds(60))
                        .status())
                .build();
        assertThat(BudgetPlan.of(before, pods(2, 0), 0, NOW)
                        .status()
                        .getConditions()
                        .getFirst()
                        .getLastTransitionTime())
                .isEqualTo(Fixtures.ago(60));
    }

    private static List<Pod> pods(int ready, int unready) {
        var pods = new ArrayList<Pod>();
        for (int i = 0; i < ready; i++) {
            pods.add(Fixtures.pod("ready-" + i));
        }
        for (int i = 0; i < unready; i++) {
            pods.add(Fixtures.notReady(Fixtures.pod("unready-" + i)));
        }
        return pods;
    }

    private static PodDisruptionBudget budget(String min, String max) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("ns")
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withMinAvailable(min == null ? null : portion(min))
                .withMaxUnavailable(max == null ? null : portion(max))
                .withNewSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endSelector()
                .endSpec()
                .build();
    }

    private static IntOrString portion(String text) {
        return text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.parseInt(text));
    }
}
