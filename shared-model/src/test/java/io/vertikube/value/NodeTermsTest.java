package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The node is called {@code n1} and has the labels {@code zone=a} and {@code cores=8}. */
final class NodeTermsTest {

    private static final Map<String, String> LABELS = Map.of("zone", "a", "cores", "8");

    @ParameterizedTest
    @CsvSource({
        "zone,  In,           a b, true",
        "zone,  In,           b,   false",
        "rack,  In,           a,   false",
        "zone,  NotIn,        b,   true",
        "zone,  NotIn,        a,   false",
        "rack,  NotIn,        a,   true",
        "zone,  Exists,       '',  true",
        "rack,  Exists,       '',  false",
        "rack,  DoesNotExist, '',  true",
        "zone,  DoesNotExist, '',  false",
        "cores, Gt,           4,   true",
        "cores, Gt,           8,   false",
        "cores, Lt,           16,  true",
        "zone,  Gt,           4,   false",
        "rack,  Lt,           4,   false"
    })
    void labelsAreAsked(String key, String operator, String values, boolean expected) {
        var term = new NodeSelectorTerm(List.of(requirement(key, operator, values)), List.of());
        assertThat(NodeTerms.matches(term, "n1", LABELS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "metadata.name, In,    n1 n2, true",
        "metadata.name, NotIn, n1,    false",
        "metadata.uid,  NotIn, n1,    false"
    })
    void theNameIsTheOnlyField(String key, String operator, String values, boolean expected) {
        var term = new NodeSelectorTerm(List.of(), List.of(requirement(key, operator, values)));
        assertThat(NodeTerms.matches(term, "n1", LABELS)).isEqualTo(expected);
    }

    @Test
    void oneTermIsEnoughAndAnEmptyOneNamesNobody() {
        var other = new NodeSelectorTerm(List.of(requirement("zone", "In", "b")), List.of());
        var mine = new NodeSelectorTerm(List.of(requirement("zone", "In", "a")), List.of());
        assertThat(NodeTerms.any(List.of(other, mine), "n1", LABELS)).isTrue();
        assertThat(NodeTerms.any(List.of(other, new NodeSelectorTerm()), "n1", LABELS))
                .isFalse();
        assertThat(NodeTerms.any(null, "n1", null)).isFalse();
    }

    @Test
    void aPodAsksForLabelsAndTerms() {
        var spec = new PodSpecBuilder().addToNodeSelector("zone", "a").build();
        assertThat(NodeTerms.allows(spec, "n1", LABELS)).isTrue();
        assertThat(NodeTerms.allows(spec, "n1", null)).isFalse();
        var bound = new PodSpecBuilder(spec)
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(requirement("zone", "In", "b"))
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .build();
        assertThat(NodeTerms.allows(bound, "n1", LABELS)).isFalse();
    }

    private static NodeSelectorRequirement requirement(String key, String operator, String values) {
        return new NodeSelectorRequirement(
                key, operator, values.isEmpty() ? List.of() : Arrays.asList(values.split(" ")));
    }
}
