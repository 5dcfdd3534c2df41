package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matches nodes against node selector terms ("Node affinity" in the documentation). */
final class NodeTerms {

    private NodeTerms() {}

    /** Whether a node is one that the pod's nodeSelector and required node affinity allow. */
    static boolean allows(PodView pod, NodeView node) {
        Map<String, String> selector = pod.spec().getNodeSelector();
        if (selector != null) {
            for (var wanted : selector.entrySet()) {
                if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
                    return false;
                }
            }
        }
        Affinity affinity = pod.spec().getAffinity();
        var required = affinity == null || affinity.getNodeAffinity() == null
                ? null
                : affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        return required == null || any(required.getNodeSelectorTerms(), node);
    }

    static boolean any(List<NodeSelectorTerm> terms, NodeView node) {
        return terms.stream().anyMatch(term -> matches(term, node));
    }

    /** A term without requirements matches nothing. */
    static boolean matches(NodeSelectorTerm term, NodeView node) {
        if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
            return false;
        }
        return term.getMatchExpressions().stream()
                        .allMatch(
                                requirement -> holds(requirement, node.labels().get(requirement.getKey())))
                && term.getMatchFields().stream()
                        .allMatch(requirement ->
                                requirement.getKey().equals("metadata.name") && holds(requirement, node.name()));
    }

    private static boolean holds(NodeSelectorRequirement requirement, @Nullable String value) {
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(requirement, value) > 0;
            case "Lt" -> compare(requirement, value) < 0;
            default -> false;
        };
    }

    /** 0 where one of the two is no number. */
    private static int compare(NodeSelectorRequirement requirement, @Nullable String value) {
        try {
            return value == null || requirement.getValues().isEmpty()
                    ? 0
                    : Long.compare(
                            Long.parseLong(value),
                            Long.parseLong(requirement.getValues().getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
