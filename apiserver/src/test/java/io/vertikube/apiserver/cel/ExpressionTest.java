package io.vertikube.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What single expressions evaluate to: the functions that Kubernetes documents. */
final class ExpressionTest {

    private static final CelEngine ENGINE = new CelEngine(CelLimits.DEFAULT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                // lists
                "[1, 2, 3].isSorted() && !['b', 'a'].isSorted() && [].isSorted()",
                "[1, 3].sum() == 4 && [1.5, 3.0].sum() == 4.5 && [duration('1m'), duration('1s')].sum() =="
                        + " duration('1m1s')",
                "[1, 3].min() == 1 && [1, 3].max() == 3 && ['a', 'b'].max() == 'b'",
                "[1, 2, 2, 3].indexOf(2) == 1 && ['a', 'b', 'b', 'c'].lastIndexOf('b') == 2 && [1.0].indexOf(1.1) =="
                        + " -1",
                "[1, 2].map(x, x * 2).exists(x, x == 4) && [1, 2].filter(x, x > 1) == [2]",
                "[1, 2].all(i, v, i < v) && {'a': 1}.all(k, v, k == 'a' && v == 1)",
                "sets.contains([1, 2, 3], [1, 3]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 2], [2, 1,"
                        + " 1])",
                // texts
                "'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''",
                "'123 abc 456'.findAll('[0-9]+') == ['123', '456'] && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']",
                "'a,b'.split(',').join('-') == 'a-b' && 'HeLLo'.lowerAscii() == 'hello' && ' x '.trim() == 'x'",
                "'hello'.charAt(1) == 'e' && 'hello'.substring(1, 3) == 'el' && 'aXa'.replace('a', 'b') == 'bXb'",
                "'abc'.replace('', '-') == '-a-b-c-' && 'aaa'.replace('a', 'b', 2) == 'bba' && 'abc'.split('') =="
                        + " ['a', 'b', 'c']",
                "'a b c'.split(' ', 2) == ['a', 'b c'] && 'a'.split(' ', 0) == [] && 'äbä'.lastIndexOf('ä') == 2",
                "'aba'.indexOf('a', 1) == 2 && 'aba'.lastIndexOf('a') == 2 && 'abc'.contains('b') &&"
                        + " 'abc'.matches('^a')",
                "'%s has %d and %.2f of %x, %b %%'.format(['x', 3, 1.5, 255, true]) == 'x has 3 and 1.50 of ff, 1 %'",
                "'%s'.format([[1, 'a']]) == '[1, a]' && '%s'.format([{'k': duration('90s')}]) == '{k: 90s}'",
                // URLs
                "url('https://example.com:8080/path?k=a&k=b').getHostname() == 'example.com'",
                "url('https://example.com:8080/').getHost() == 'example.com:8080' && url('https://a:1/').getPort() =="
                        + " '1'",
                "url('https://a/b%20c').getEscapedPath() == '/b%20c' && url('https://a').getScheme() == 'https'",
                "url('https://a/?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
                "isURL('https://user:pass@example.com:80/path?query=val#fragment') && !isURL('../relative') &&"
                        + " isURL('/abs')",
                // quantities
                "isQuantity('1.3Gi') && isQuantity('1.3G') && !isQuantity('1,3G') && !isQuantity('10000kKi')",
                "quantity('500000G').isInteger() && quantity('50k').asInteger() == 50000 &&"
                        + " !quantity('0.5').isInteger()",
                "quantity('50k').add(20) == quantity('50020') && quantity('50k').sub(quantity('10k')) =="
                        + " quantity('40k')",
                "quantity('200M').compareTo(quantity('0.2G')) == 0 && quantity('50M').isLessThan(quantity('50Mi'))",
                "quantity('1.5').asApproximateFloat() == 1.5 && quantity('-1').sign() == -1",
                // addresses
                "isIP('127.0.0.1') && !isIP('127.0.0.256') && isIP('::1') && ip('192.168.0.1').family() == 4",
                "ip('127.0.0.1').isLoopback() && ip('fe80::1').isLinkLocalUnicast() && ip('8.8.8.8').isGlobalUnicast()",
                "ip.isCanonical('127.0.0.1') && !ip.isCanonical('2001:DB8::1') && string(ip('2001:db8:0::1')) =="
                        + " '2001:db8::1'",
                "ip('0.0.0.0').isUnspecified() && ip('224.0.0.1').isLinkLocalMulticast() && ip('::1') == ip('0::1')",
                "cidr('192.168.0.0/24').containsIP('192.168.0.1') &&"
                        + " !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))",
                "cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && cidr('10.0.0.1/8').masked() =="
                        + " cidr('10.0.0.0/8')",
                "cidr('192.168.0.0/24').prefixLength() == 24 && cidr('10.1.0.0/8').ip() == ip('10.1.0.0') &&"
                        + " !isCIDR('10.0.0.0/33')",
                // versions and formats
                "semver('1.2.3').isLessThan(semver('1.10.0')) &&"
                        + " semver('1.0.0-alpha.1').isLessThan(semver('1.0.0-alpha.beta'))",
                "isSemver('1.0.0') && !isSemver('v1.0') && isSemver('v1.0', true) && semver('v01.1', true).minor() =="
                        + " 1",
                "!format.dns1123Label().validate('contains-dash').hasValue() &&"
                        + " format.dns1123Label().validate('A_b').hasValue()",
                "format.named('uuid').hasValue() && !format.named('unknown').hasValue()",
                // the language
                "has({'a': 1}.a) && {'a': 1}.?b.orValue(5) == 5 && optional.of(1).hasValue() &&"
                        + " !optional.none().hasValue()",
                "timestamp('2026-01-01T00:00:00Z') + duration('24h') == timestamp('2026-01-02T00:00:00Z')",
                "timestamp('2026-01-02T00:00:00Z').getDayOfMonth() == 1 && duration('2h').getHours() == 2",
                "dyn(1) == 1.0 && dyn(1) == dyn(1.0)",
                "type(1) == int && string(5) == '5' && int('7') == 7 && size('äö') == 2"
            })
    void documentedFunctionsDoWhatTheyAreDocumentedToDo(String text) throws Exception {
        assertThat(evaluate(text)).isEqualTo(true);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        x.missing == 1         | no such key: missing
        [1][3] == 1            | index out of bounds: 3
        1 / 0 == 1             | division by zero
        9223372036854775807 + 1 == 1 | integer overflow
        x.n.startsWith('a')    | no such overload
        [].min() == 1          | min called on empty list
        quantity('x') == quantity('1') | quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
        ip('no') == ip('1.1.1.1') | IP Address "no" parse error during conversion from string
        """)
    void anEvaluationThatFailsSaysWhy(String text, String expected) {
        assertThatThrownBy(() -> evaluate(text))
                .isInstanceOf(Expression.Failed.class)
                .hasMessage(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.l.map(a, x.l.map(b, x.l.map(c, 1))).size() > 0",
                "x.l.all(a, x.l.all(b, x.l.all(c, a + b + c >= 0)))",
                "x.l.map(a, x.text + x.text).size() > 0",
                "x.text.contains(x.text + 'b')",
                "x.l.all(a, x.text.matches('(a*)*b') || true)",
                "x.l.all(a, x.text == x.text)",
                "x.l.map(a, x.l) == x.l.map(a, x.l)",
                "x.text.replace('a', x.text).size() > 0",
                "x.l.map(a, 'a').join(x.text).size() > 0",
                "x.l.all(a, x.text.split('').size() > 0)",
                "x.text.indexOf(x.text.substring(1) + 'b') == -1",
                "x.l.all(a, sets.contains(x.l, x.l))",
                "x.l.all(a, x.l.indexOf(5001) == -1)"
            })
    void whatWouldTakeTooLongIsEnded(String text) {
        assertThatThrownBy(() -> evaluate(text))
                .isInstanceOfSatisfying(
                        Expression.Failed.class,
                        failed -> assertThat(failed.tooCostly()).isTrue());
    }

    @Test
    void anExpressionThatIsNestedTooDeeplyIsRefused() {
        assertThatThrownBy(() -> compile("(".repeat(5_000) + "1" + ")".repeat(5_000)))
                .isInstanceOf(CelEngine.Invalid.class);
        assertThatThrownBy(() -> compile("[".repeat(500) + "]".repeat(500))).isInstanceOf(CelEngine.Invalid.class);
        assertThatThrownBy(() -> compile("x." + "a".repeat(200_000))).isInstanceOf(CelEngine.Invalid.class);
    }

    private static Expression compile(String text) throws CelEngine.Invalid {
        return ENGINE.dynamicEnvironment(Set.of("x")).compile(text);
    }

    private static Object evaluate(String text) throws Exception {
        Map<String, Object> x = Map.of(
                "n",
                5L,
                "text",
                "a".repeat(300_000),
                "l",
                IntStream.range(0, 5_000).mapToObj(i -> (Object) (long) i).collect(Collectors.toList()));
        return compile(text).evaluate(Map.of("x", x), new Budget(CelLimits.DEFAULT.perCall()));
    }
}
