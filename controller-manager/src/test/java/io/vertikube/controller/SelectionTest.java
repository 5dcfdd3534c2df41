package io.vertikube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    private static final List<String> ON_DEMAND = List.of("bootstrap-signer-controller", "token-cleaner-controller");

    @Test
    void allRunUnlessTakenOut() {
        assertThat(selected("*"))
                .hasSize(Controllers.all().size() - ON_DEMAND.size())
                .doesNotContainAnyElementsOf(ON_DEMAND);
        assertThat(selected("*", "bootstrapsigner")).contains("bootstrap-signer-controller");
        assertThat(selected("*", "-deployment"))
                .hasSize(selected("*").size() - 1)
                .doesNotContain("deployment-controller");
        assertThat(selected("replicaset-controller")).containsExactly("replicaset-controller");
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> selected("*", "-deploymint"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"deploymint\" is not in the list of known controllers");
    }

    private static List<String> selected(String... words) {
        Selection selection = Selection.of(List.of(words), Controllers.all());
        return Controllers.all().stream()
                .filter(selection::runs)
                .map(Controllers::name)
                .toList();
    }
}
