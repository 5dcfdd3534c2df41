package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What a YAML scalar means, by the rules that Kubernetes' manifests are read with: YAML 1.1's words for true and false,
 * octal and hexadecimal numbers, but no base 60 ({@code 12:30} is a string). Pure functions.
 */
final class YamlScalar {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern BINARY = Pattern.compile("[-+]?0b[01_]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9][0-9_]*(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");

    private YamlScalar() {}

    static JsonNode toJson(ScalarNode scalar) {
        String text = scalar.getValue();
        boolean spelledString =
                scalar.getScalarStyle() != ScalarStyle.PLAIN || scalar.getTag().equals(Tag.BINARY);
        if (spelledString) {
            return NODES.textNode(text);
        }
        JsonNode value = plain(text);
        // A number whose tag says string was written as "!!str 5".
        return value.isNumber() && scalar.getTag().equals(Tag.STR) ? NODES.textNode(text) : value;
    }

    static JsonNode plain(String text) {
        if (NULL.contains(text)) {
            return NODES.nullNode();
        }
        if (TRUE.contains(text)) {
            return NODES.booleanNode(true);
        }
        if (FALSE.contains(text)) {
            return NODES.booleanNode(false);
        }
        char first = text.charAt(0);
        boolean mayBeNumber = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        return mayBeNumber ? number(text) : NODES.textNode(text);
    }

    private static JsonNode number(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return integer(text, "", 10);
        }
        if (OCTAL.matcher(text).matches()) {
            return integer(text, text.contains("o") ? "0o" : "0", 8);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return integer(text, "0x", 16);
        }
        if (BINARY.matcher(text).matches()) {
            return integer(text, "0b", 2);
        }
        if (FLOAT.matcher(text).matches()) {
            return NODES.numberNode(Double.parseDouble(text.replace("_", "")));
        }
        return NODES.textNode(text);
    }

    private static JsonNode integer(String text, String prefix, int radix) {
        String digits = text.replace("_", "");
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        digits = digits.substring(prefix.length());
        if (digits.isEmpty() || digits.length() > 100) {
            return NODES.textNode(text);
        }
        BigInteger magnitude = new BigInteger(digits, radix);
        BigInteger value = negative ? magnitude.negate() : magnitude;
        if (value.bitLength() < 32) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }
}
