package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "0.5Gi, 512Mi",
        "1000m, 1",
        "1500m, 1500m",
        "0.1, 100m",
        "128Mi, 128Mi",
        "1024Mi, 1Gi",
        "3e6, 3e6",
        "1000, 1k",
        "100, 100",
        "0, 0",
        "1.5Gi, 1536Mi",
        "0.3Ki, 307200m",
        "5n, 5n",
        "0.1n, 1n",
        "-1k, -1k",
        "1000000000, 1G"
    })
    void canonicalFormIsTheOneKubernetesWrites(String text, String canonical) {
        assertThat(Quantities.canonical(text)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1x", "1.2.3", "--1", "1 Gi", "Gi", "1e", "1e1000000000", "0x10", "1ki"})
    void anythingElseIsRefusedWithKubernetesSentence(String text) {
        assertThatThrownBy(() -> Quantities.parse(text)).hasMessage(Quantities.PATTERN_SENTENCE);
    }

    @ParameterizedTest
    @CsvSource({"100m, 100, 1", "1, 1000, 1", "0.0001, 1, 1", "2Ki, 2048000, 2048"})
    void thousandthsAndUnitsAreRoundedUp(String text, long milli, long value) {
        assertThat(Quantities.milli(text)).isEqualTo(milli);
        assertThat(Quantities.value(text)).isEqualTo(value);
    }
}
