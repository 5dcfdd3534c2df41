package io.vertikube.controller.replicaset;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.replicaSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.vertikube.controller.replicaset.ReplicaSetStatusPlan.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplicaSetPlanTest {
    @ParameterizedTest(name = "{0} wanted, {1} there: create {2}, delete {3}")
    @CsvSource({"3, 0, 3, 0", "3, 3, 0, 0", "1, 3, 0, 2", "0, 2, 0, 2", "5000, 0, 500, 0"})
    void missingAreCreatedAndSurplusIsDeleted(int wanted, int there, int create, int delete) {
        List<Pod> pods = java.util.stream.IntStream.range(0, there)
                .mapToObj(i -> pod("p" + i))
                .toList();
        ReplicaSetPlan plan = ReplicaSetPlan.of(replicaSet("rs", wanted), pods, pods, NOW);
        assertThat(plan.create()).isEqualTo(create);
        assertThat(plan.delete()).hasSize(delete);
    }

    @Test
    void statusCountsReadyAndAvailableAndSaysWhenToLookAgain() {
        ReplicaSet set = new ReplicaSetBuilder(replicaSet("rs", 2))
                .editSpec()
                .withMinReadySeconds(90)
                .endSpec()
                .build();
        ReplicaSetStatusPlan plan =
                ReplicaSetStatusPlan.of(set, List.of(pod("a"), notReady(pod("b"))), Optional.empty(), NOW);
        assertThat(plan.status().getReplicas()).isEqualTo(2);
        assertThat(plan.status().getFullyLabeledReplicas()).isEqualTo(2);
        assertThat(plan.status().getReadyReplicas()).isEqualTo(1);
        assertThat(plan.status().getAvailableReplicas()).isNull();
        assertThat(plan.lookAgain()).contains(Duration.ofSeconds(30));
    }

    @Test
    void aRefusedCreateIsAConditionUntilItSucceeds() {
        ReplicaSet set = replicaSet("rs", 2);
        var refused = ReplicaSetStatusPlan.of(
                        set, List.of(), Optional.of(new Failure("FailedCreate", "exceeded quota")), NOW)
                .status();
        assertThat(refused.getConditions())
                .containsExactly(new ReplicaSetCondition(
                        NOW.toString(), "exceeded quota", "FailedCreate", "True", "ReplicaFailure"));
        ReplicaSet told = new ReplicaSetBuilder(set).withStatus(refused).build();
        assertThat(ReplicaSetStatusPlan.of(told, List.of(), Optional.empty(), NOW)
                        .status()
                        .getConditions())
                .isEmpty();
    }
}
