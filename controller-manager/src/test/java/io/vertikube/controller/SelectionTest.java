package io.vertikube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    @Test
    void allRunUnlessTakenOut() {
        assertThat(selected("*")).hasSize(Controllers.all().size());
        assertThat(selected("*", "-deployment"))
                .hasSize(Controllers.all().size() - 1)
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
