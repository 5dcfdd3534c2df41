package io.vertikube.controller.clusterrole;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rules that an aggregated cluster role should have. Pure. */
final class AggregationPlan {

    private AggregationPlan() {}

    static boolean aggregates(ClusterRole role) {
        return role.getAggregationRule() != null;
    }

    /** Each rule once, of the selected roles in the order of their names; a role never takes from itself. */
    static List<PolicyRule> rules(ClusterRole role, List<ClusterRole> all) {
        List<Selector> selectors = Fields.list(role.getAggregationRule().getClusterRoleSelectors()).stream()
                .map(AggregationPlan::selector)
                .toList();
        Set<PolicyRule> rules = new LinkedHashSet<>();
        all.stream()
                .filter(other -> !name(other).equals(name(role)))
                .filter(other -> selectors.stream()
                        .anyMatch(s -> s.matches(Fields.map(other.getMetadata().getLabels()))))
                .sorted(Comparator.comparing(AggregationPlan::name))
                .forEach(other -> rules.addAll(Fields.list(other.getRules())));
        return List.copyOf(rules);
    }

    private static Selector selector(LabelSelector selector) {
        return Selectors.labels(selector);
    }

    private static String name(ClusterRole role) {
        return role.getMetadata().getName();
    }
}
