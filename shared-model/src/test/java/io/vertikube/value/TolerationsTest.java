package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TolerationsTest {

    private static final Taint TAINT = new Taint("NoExecute", "role", null, "db");

    @ParameterizedTest
    @CsvSource(
            value = {
                "NoExecute  | role | Equal  | db   | true",
                "NoExecute  | role | null   | db   | true",
                "null       | role | Exists | null | true",
                "null       | null | Exists | null | true",
                "null       | null | Equal  | db   | false",
                "NoExecute  | role | Equal  | web  | false",
                "NoExecute  | role | Equal  | null | false",
                "NoSchedule | role | Exists | null | false",
                "NoExecute  | rack | Exists | null | false"
            },
            delimiter = '|',
            nullValues = "null")
    void aTaintIsToleratedByEffectKeyAndValue(
            String effect, String key, String operator, String value, boolean expected) {
        assertThat(Tolerations.tolerates(new Toleration(effect, key, operator, null, value), TAINT))
                .isEqualTo(expected);
    }

    @Test
    void oneOfThemIsEnough() {
        var other = new Toleration(null, "rack", "Exists", null, null);
        var all = new Toleration(null, null, "Exists", null, null);
        assertThat(Tolerations.tolerate(List.of(other, all), TAINT)).isTrue();
        assertThat(Tolerations.tolerate(List.of(other), TAINT)).isFalse();
        assertThat(Tolerations.tolerate(null, TAINT)).isFalse();
    }
}
