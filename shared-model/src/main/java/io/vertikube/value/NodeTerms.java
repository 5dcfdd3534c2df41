package io.vertikube.value;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node is one that node selector terms name ("Node affinity" in the documentation). Nothing is made on the way,
 * because the scheduler asks for every node. Pure functions.
 */
public final class NodeTerms {

    private static final Map<String, String> NONE = Map.of();

    private NodeTerms() {}

    /** Whether a node is one that the pod's nodeSelector and required node affinity allow. */
    public static boolean allows(PodSpec spec, String node, @Nullable Map<String, String> labels) {
        Map<String, String> has = labels == null ? NONE : labels;
        if (spec.getNodeSelector() != null) {
            for (Map.Entry<String, String> wanted : spec.getNodeSelector().entrySet()) {
                if (!wanted.getValue().equals(has.get(wanted.getKey()))) {
                    return false;
                }
            }
        }
        Affinity affinity = spec.getAffinity();
        var required = affinity == null || affinity.getNodeAffinity() == null
                ? null
                : affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        return required == null || any(required.getNodeSelectorTerms(), node, has);
    }

    /** Whether at least one term matches. */
    public static boolean any(
            @Nullable List<NodeSelectorTerm> terms, String node, @Nullable Map<String, String> labels) {
        if (terms != null) {
            for (NodeSelectorTerm term : terms) {
                if (matches(term, node, labels)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A term without requirements matches nothing; the one field there is, is {@code metadata.name}. */
    public static boolean matches(NodeSelectorTerm term, String node, @Nullable Map<String, String> labels) {
        List<NodeSelectorRequirement> expressions = list(term.getMatchExpressions());
        List<NodeSelectorRequirement> fields = list(term.getMatchFields());
        if (expressions.isEmpty() && fields.isEmpty()) {
            return false;
        }
        Map<String, String> has = labels == null ? NONE : labels;
        for (NodeSelectorRequirement requirement : expressions) {
            if (!holds(requirement, has.get(requirement.getKey()))) {
                return false;
            }
        }
        for (NodeSelectorRequirement requirement : fields) {
            if (!requirement.getKey().equals("metadata.name") || !holds(requirement, node)) {
                return false;
            }
        }
        return true;
    }

    private static List<NodeSelectorRequirement> list(@Nullable List<NodeSelectorRequirement> list) {
        return list == null ? List.of() : list;
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
