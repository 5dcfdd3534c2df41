package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.vertikube.value.LabelRequirements;
import io.vertikube.value.Selectors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a node is one of those that node selector terms name. Pure. */
public final class NodeTerms {
    private NodeTerms() {}

    /** Whether at least one term matches; a term without requirements matches nothing. */
    public static boolean any(@Nullable List<NodeSelectorTerm> terms, Node node) {
        String name = node.getMetadata().getName();
        Map<String, String> labels = Fields.map(node.getMetadata().getLabels());
        return Fields.list(terms).stream().anyMatch(term -> matches(term, name, labels));
    }

    private static boolean matches(NodeSelectorTerm term, String name, Map<String, String> labels) {
        List<NodeSelectorRequirement> expressions = Fields.list(term.getMatchExpressions());
        List<NodeSelectorRequirement> fields = Fields.list(term.getMatchFields());
        if (expressions.isEmpty() && fields.isEmpty()) {
            return false;
        }
        return requirements(expressions).matches(labels) && requirements(fields).matches(Map.of("metadata.name", name));
    }

    private static LabelRequirements requirements(List<NodeSelectorRequirement> expressions) {
        return new LabelRequirements(expressions.stream()
                .map(e -> new LabelRequirements.Requirement(
                        e.getKey(), Selectors.operator(e.getOperator()), Set.copyOf(Fields.list(e.getValues()))))
                .toList());
    }
}
