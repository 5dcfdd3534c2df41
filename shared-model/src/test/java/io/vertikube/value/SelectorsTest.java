package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorsTest {

    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front", "n", "5", "x.io/y", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a in (   | unable to parse requirement: found '', expected: ',', ')' or identifier",
                "a in b   | unable to parse requirement: found 'b', expected: '('",
                "a in (b  | unable to parse requirement: found '', expected: ',' or ')'",
            })
    void aRefusalSaysWhatIsMissing(String expression, String message) {
        assertThatThrownBy(() -> Selectors.labels(expression)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web|true",
                "app==web|true",
                "app = web , tier!=back|true",
                "app=web,tier=back|false",
                "app in (web, db)|true",
                "app notin (web,db)|false",
                "ghost notin (a)|true",
                "ghost!=a|true",
                "app|true",
                "!app|false",
                "!ghost|true",
                "n>4|true",
                "n<4|false",
                "x.io/y=|true"
            })
    void labelSelectors(String expression, boolean matches) {
        assertThat(Selectors.labels(expression).matches(LABELS)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"app=web,", "app in web", "app in (web", "=x", "a=b c", "a!b", "a>b", "a/b/c=d", "a=b!"})
    void whatIsNoLabelSelectorIsRefused(String expression) {
        assertThatThrownBy(() -> Selectors.labels(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status.phase=Running|true",
                "status.phase==Running,metadata.name!=b|true",
                "status.phase!=Running|false",
                "spec.nodeName=|true",
                "note=a\\,b|true"
            })
    void fieldSelectors(String expression, boolean matches) {
        var fields = Map.of("status.phase", "Running", "metadata.name", "a", "note", "a,b");
        assertThat(Selectors.fields(expression).matches(fields)).isEqualTo(matches);
    }
}
