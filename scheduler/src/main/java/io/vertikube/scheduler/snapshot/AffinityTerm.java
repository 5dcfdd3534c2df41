package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One term of pod affinity or anti-affinity, ready to be matched. Immutable.
 *
 * @param pods null to mean none
 * @param namespaces those it names; its own pod's if it names none and selects none
 * @param namespaceSelector further namespaces by label, or null
 * @param weight 0 for a required term
 */
public record AffinityTerm(
        @Nullable Selector pods,
        Set<String> namespaces,
        @Nullable Selector namespaceSelector,
        String topologyKey,
        int weight) {

    public AffinityTerm {
        namespaces = Set.copyOf(namespaces);
    }

    static AffinityTerm of(PodAffinityTerm term, String ownNamespace, Map<String, String> ownLabels, int weight) {
        LabelSelector selected = term.getNamespaceSelector();
        List<String> named = term.getNamespaces();
        return new AffinityTerm(
                podSelector(term, ownLabels),
                named.isEmpty() && selected == null ? Set.of(ownNamespace) : Set.copyOf(named),
                selected == null ? null : Selectors.labels(selected),
                term.getTopologyKey(),
                weight);
    }

    /** Whether a pod is meant. */
    public boolean matches(PodView pod, Snapshot snapshot) {
        return pods != null
                && (namespaces.contains(pod.namespace())
                        || (namespaceSelector != null
                                && namespaceSelector.matches(snapshot.namespaceLabels(pod.namespace()))))
                && pods.matches(pod.labels());
    }

    private static @Nullable Selector podSelector(PodAffinityTerm term, Map<String, String> ownLabels) {
        LabelSelector selector = term.getLabelSelector();
        if (selector == null) {
            return null;
        }
        var keys = new ArrayList<>(term.getMatchLabelKeys());
        keys.removeIf(key -> !ownLabels.containsKey(key));
        var others = new ArrayList<>(term.getMismatchLabelKeys());
        others.removeIf(key -> !ownLabels.containsKey(key));
        if (keys.isEmpty() && others.isEmpty()) {
            return Selectors.labels(selector);
        }
        var builder = new LabelSelectorBuilder(selector);
        keys.forEach(key ->
                builder.addToMatchExpressions(new LabelSelectorRequirement(key, "In", List.of(value(ownLabels, key)))));
        others.forEach(key -> builder.addToMatchExpressions(
                new LabelSelectorRequirement(key, "NotIn", List.of(value(ownLabels, key)))));
        return Selectors.labels(builder.build());
    }

    private static String value(Map<String, String> labels, String key) {
        return labels.getOrDefault(key, "");
    }
}
