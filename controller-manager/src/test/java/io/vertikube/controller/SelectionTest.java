package io.vertikube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"40s, 40000", "1m30s, 90000", "500ms, 500", "1h, 3600000", "0, 0"})
    void durationsAreReadAsKubernetesWritesThem(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    private static List<String> selected(String... words) {
        Selection selection = Selection.of(List.of(words), Controllers.all());
        return Controllers.all().stream()
                .filter(selection::runs)
                .map(Controllers::name)
                .toList();
    }
}
