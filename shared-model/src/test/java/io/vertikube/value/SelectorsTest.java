package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorsTest {

    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front", "n", "5", "x.io/y", "");

    /** The sentences of Kubernetes, some without a comma where others have one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,,b        | found ',', expected: identifier after ','",
                "a,          | found '', expected: identifier after ','",
                ",a          | found ',', expected: !, identifier, or 'end of string'",
                "=a          | found '=', expected: !, identifier, or 'end of string'",
                "(a)         | found '(', expected: !, identifier, or 'end of string'",
                "a=b=c       | found '=', expected: ',' or 'end of string'",
                "a=b c       | found 'c', expected: ',' or 'end of string'",
                "a=b!        | found '!', expected: ',' or 'end of string'",
                "!a=b        | found '=', expected: ',' or 'end of string'",
                "!a in (b)   | found 'in', expected: ',' or 'end of string'",
                "!           | unable to parse requirement: found '', expected: identifier",
                "!!a         | unable to parse requirement: found '!', expected: identifier",
                "a!b         | unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt",
                "a b         | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a===b       | unable to parse requirement: found '=', expected: identifier",
                "a=(b)       | unable to parse requirement: found '(', expected: identifier",
                "a in        | unable to parse requirement: found '' expected: '('",
                "a in b      | unable to parse requirement: found 'b' expected: '('",
                "a in (      | unable to parse requirement: found '', expected: ',', ')' or identifier",
                "a notin (=  | unable to parse requirement: found '=', expected: ',', ')' or identifier",
                "a notin (x  | unable to parse requirement: found '', expected: ',' or ')'",
                "a in (x y)  | unable to parse requirement: found 'y', expected: ',' or ')'",
                "a in (x,    | unable to parse requirement: found '', expected: ',', or identifier",
                "a in ()     | unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
                "l>x         | unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
                "l<          | unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer",
            })
    void aRefusalSaysWhatIsMissing(String expression, String message) {
        assertThatThrownBy(() -> Selectors.labels(expression)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "app:web         | unable to parse requirement: <nil>: Invalid value: \"app:web\": name part must consist of alphanumeric characters,",
                "!-a             | unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of",
                "a/b/c=d         | unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a qualified name must consist of",
                "a=-b            | unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an empty string",
                "a in (z, -b, y) | unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an empty string",
            })
    void keysAndValuesAreRefusedWithTheirPath(String expression, String start) {
        assertThatThrownBy(() -> Selectors.labels(expression)).hasMessageStartingWith(start);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "metadata.name>x   | invalid selector: 'metadata.name>x'; can't understand 'metadata.name>x'",
                "a=1,b             | invalid selector: 'a=1,b'; can't understand 'b'",
                "a=b=c             | invalid field selector: unescaped character in value: 61",
                "a===b             | invalid field selector: unescaped character in value: 61",
                "a=b\\c             | invalid field selector: invalid escape sequence: \\c",
                "a=b\\              | invalid field selector: invalid escape sequence: \\",
            })
    void fieldSelectorsAreRefused(String expression, String message) {
        assertThatThrownBy(() -> Selectors.fields(expression)).hasMessage(message);
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
                "x.io/y=|true",
                "in in (in)|false",
                "ghost in (,)|false",
                "x.io/y in (,a)|true",
                "x.io/y in (a,,b)|true",
                "x.io/y in (a,)|true",
                "x.io/y in (a)|false",
                "app!=|true",
                "' '|true"
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
