package io.vertikube.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationConverterTest {

    @ParameterizedTest
    @CsvSource({"15s, 15000", "1m30s, 90000", "100ms, 100", "1.5h, 5400000", "0s, 0", "0, 0"})
    void durationsAreReadAsKubernetesWritesThem(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "s", "15 s", "1d", "-1s", "1s2"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text)).hasMessageContaining("is no duration");
    }
}
