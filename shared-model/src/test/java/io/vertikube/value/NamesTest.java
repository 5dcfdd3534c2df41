package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String ALPHABET = "ab-..09_AZ/é";

    @Test
    void whatIsANameIsWhatTheExpressionInTheSentenceSays() {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int left = random.nextInt(7); left > 0; left--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            String value = text.toString();
            agree(value, Names::dnsLabel, LABEL);
            agree(value, Names::dnsSubdomain, LABEL + "(\\." + LABEL + ")*");
            agree(value, Names::labelValue, "(" + QUALIFIED + ")?");
            agree(value, Names::qualifiedName, "(" + LABEL + "(\\." + LABEL + ")*/)?" + QUALIFIED);
        }
    }

    private static void agree(String value, Function<String, List<String>> rule, String expression) {
        assertThat(rule.apply(value).isEmpty())
                .as("\"%s\" by %s", value, expression)
                .isEqualTo(Pattern.matches(expression, value));
    }

    @Test
    void lengthAndFormAreToldBoth() {
        assertThat(Names.dnsLabel("a".repeat(63))).isEmpty();
        assertThat(Names.dnsLabel("a".repeat(64))).containsExactly("must be no more than 63 characters");
        assertThat(Names.dnsLabel("-" + "a".repeat(63))).hasSize(2);
        assertThat(Names.dnsSubdomain("a.".repeat(126) + "a")).isEmpty();
        assertThat(Names.labelValue("")).isEmpty();
        assertThat(Names.qualifiedName("a/b/c")).hasSize(1);
        assertThat(Names.qualifiedName("/b")).containsExactly("prefix part must be non-empty");
    }
}
