package io.vertikube.controller.disruption;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatusBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import io.vertikube.controller.workload.Portion;
import io.vertikube.controller.workload.Portion.Rounding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The status of a budget from its pods. Immutable.
 *
 * @param lookAgain when an eviction that was allowed is given up, because its pod has not begun to go
 * @param notDeleted pods whose eviction was given up just now
 */
record BudgetPlan(PodDisruptionBudgetStatus status, Optional<Duration> lookAgain, List<Pod> notDeleted) {

    /** How long a pod whose eviction was allowed may take to show that it is being deleted. */
    static final Duration DELETION_PATIENCE = Duration.ofMinutes(2);

    private static final String ALLOWED = "DisruptionAllowed";

    BudgetPlan {
        notDeleted = List.copyOf(notDeleted);
    }

    /** Whether the wanted number of pods must be asked of what controls them; else it is the number that there is. */
    static boolean asksControllers(PodDisruptionBudget budget) {
        return budget.getSpec().getMaxUnavailable() != null
                || Portion.isPercentage(budget.getSpec().getMinAvailable());
    }

    /**
     * @param pods those that the budget selects
     * @param wanted how many pods their controllers want together; used only if {@link #asksControllers}
     */
    static BudgetPlan of(PodDisruptionBudget budget, List<Pod> pods, int wanted, Instant now) {
        int expected = asksControllers(budget) ? wanted : pods.size();
        int desired = desired(budget, expected);
        Map<String, Pod> byName =
                pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod));
        var disrupted = new HashMap<String, String>();
        var notDeleted = new ArrayList<Pod>();
        Optional<Duration> lookAgain = Optional.empty();
        for (Map.Entry<String, String> entry : disrupted(budget).entrySet()) {
            Pod pod = byName.get(entry.getKey());
            if (pod == null || Pods.terminating(pod)) {
                continue;
            }
            Duration left =
                    Duration.between(now, Fields.instant(entry.getValue()).plus(DELETION_PATIENCE));
            if (!left.isPositive()) {
                notDeleted.add(pod);
                continue;
            }
            disrupted.put(entry.getKey(), entry.getValue());
            lookAgain = Optional.of(
                    lookAgain.filter(soon -> soon.compareTo(left) < 0).orElse(left));
        }
        int healthy = (int) pods.stream()
                .filter(pod -> Pods.ready(pod)
                        && !Pods.terminating(pod)
                        && !disrupted.containsKey(pod.getMetadata().getName()))
                .count();
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        return new BudgetPlan(
                new PodDisruptionBudgetStatusBuilder()
                        .withObservedGeneration(budget.getMetadata().getGeneration())
                        .withDisruptedPods(disrupted)
                        .withExpectedPods(expected)
                        .withDesiredHealthy(desired)
                        .withCurrentHealthy(healthy)
                        .withDisruptionsAllowed(allowed)
                        .withConditions(conditions(
                                budget, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now))
                        .build(),
                lookAgain,
                notDeleted);
    }

    /** When it cannot be told how many pods there should be, none may be disrupted. */
    static PodDisruptionBudgetStatus failed(PodDisruptionBudget budget, String why, Instant now) {
        PodDisruptionBudgetStatus known = budget.getStatus();
        return new PodDisruptionBudgetStatusBuilder(known == null ? new PodDisruptionBudgetStatus() : known)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withDisruptionsAllowed(0)
                .withConditions(conditions(budget, false, "SyncFailed", why, now))
                .build();
    }

    private static int desired(PodDisruptionBudget budget, int expected) {
        IntOrString most = budget.getSpec().getMaxUnavailable();
        return most != null
                ? Math.max(0, expected - Portion.of(most, expected, Rounding.UP, 0))
                : Portion.of(budget.getSpec().getMinAvailable(), expected, Rounding.UP, 0);
    }

    private static Map<String, String> disrupted(PodDisruptionBudget budget) {
        return budget.getStatus() == null
                ? Map.of()
                : Fields.map(budget.getStatus().getDisruptedPods());
    }

    private static List<Condition> conditions(
            PodDisruptionBudget budget, boolean holds, String reason, String message, Instant now) {
        var conditions = new ArrayList<Condition>();
        String status = holds ? "True" : "False";
        String since = Fields.time(now);
        for (Condition condition : Fields.list(
                budget.getStatus() == null ? null : budget.getStatus().getConditions())) {
            if (!ALLOWED.equals(condition.getType())) {
                conditions.add(condition);
            } else if (status.equals(condition.getStatus())) {
                since = condition.getLastTransitionTime();
            }
        }
        conditions.add(new ConditionBuilder()
                .withType(ALLOWED)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(budget.getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .build());
        return conditions;
    }
}
