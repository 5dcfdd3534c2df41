package io.vertikube.controller.clusterrole;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AggregationPlanTest {

    @Test
    void rulesAreTheUnionOfWhatAnySelectorChooses() {
        ClusterRole edit = new ClusterRoleBuilder(role("edit", Map.of("to-view", "true"), rule("old")))
                .withNewAggregationRule()
                .addNewClusterRoleSelector()
                .addToMatchLabels("to-edit", "true")
                .endClusterRoleSelector()
                .addNewClusterRoleSelector()
                .addToMatchLabels("to-view", "true")
                .endClusterRoleSelector()
                .endAggregationRule()
                .build();
        ClusterRole second = role("b", Map.of("to-edit", "true"), rule("pods"), rule("secrets"));
        ClusterRole first = role("a", Map.of("to-view", "true"), rule("pods"));
        ClusterRole other = role("c", Map.of("to-admin", "true"), rule("roles"));
        assertThat(AggregationPlan.rules(edit, List.of(edit, second, other, first)))
                .containsExactly(rule("pods"), rule("secrets"));
    }

    @Test
    void withoutAnyRoleToTakeFromThereAreNoRules() {
        ClusterRole lonely = new ClusterRoleBuilder(role("x", Map.of(), rule("pods")))
                .withNewAggregationRule()
                .endAggregationRule()
                .build();
        assertThat(AggregationPlan.rules(lonely, List.of(lonely))).isEmpty();
    }

    private static ClusterRole role(String name, Map<String, String> labels, PolicyRule... rules) {
        return new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withRules(rules)
                .build();
    }

    private static PolicyRule rule(String resource) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resource)
                .withVerbs("get")
                .build();
    }
}
