package io.vertikube.value;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.vertikube.value.LabelRequirements.Operator;
import io.vertikube.value.LabelRequirements.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads selectors: the text of {@code labelSelector} and {@code fieldSelector} parameters ("Labels and Selectors" and
 * "Field Selectors" in the documentation) and the selectors inside objects. Pure functions; what cannot be read is an
 * {@link IllegalArgumentException} that says where.
 */
public final class Selectors {

    /** Matches every map. */
    public static final LabelRequirements EVERYTHING = new LabelRequirements(List.of());

    private Selectors() {}

    /** Reads {@code a=b,c!=d,e in (f,g),!h,i>3}. */
    public static LabelRequirements labels(String expression) {
        return new LabelSelectorReader(expression).requirements();
    }

    /** A selector of an object; null selects nothing by convention of its owner, so it is not taken here. */
    public static LabelRequirements labels(LabelSelector selector) {
        var requirements = new ArrayList<Requirement>();
        if (selector.getMatchLabels() != null) {
            selector.getMatchLabels()
                    .forEach((key, value) -> requirements.add(new Requirement(key, Operator.IN, Set.of(value))));
        }
        if (selector.getMatchExpressions() != null) {
            for (LabelSelectorRequirement expression : selector.getMatchExpressions()) {
                requirements.add(new Requirement(
                        expression.getKey(), operator(expression.getOperator()), values(expression.getValues())));
            }
        }
        return new LabelRequirements(requirements);
    }

    /** Equality with every entry, as a Service's or ReplicationController's selector has it. */
    public static LabelRequirements labels(Map<String, String> equal) {
        return new LabelRequirements(equal.entrySet().stream()
                .map(e -> new Requirement(e.getKey(), Operator.IN, Set.of(e.getValue())))
                .toList());
    }

    /** Reads {@code status.phase=Running,metadata.name!=x}. A backslash escapes {@code , = \}. */
    public static FieldRequirements fields(String expression) {
        var requirements = new ArrayList<FieldRequirements.Requirement>();
        for (String term : splitUnescaped(expression).stream().sorted().toList()) {
            if (term.isEmpty()) {
                continue;
            }
            requirements.add(fieldTerm(term, expression));
        }
        return new FieldRequirements(requirements);
    }

    /** The operator as objects spell it: {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}, … */
    public static Operator operator(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            case "Gt" -> Operator.GREATER;
            case "Lt" -> Operator.LESS;
            default -> throw new IllegalArgumentException("\"" + name + "\" is not a valid label selector operator");
        };
    }

    private static Set<String> values(@Nullable List<String> values) {
        return values == null ? Set.of() : Set.copyOf(values);
    }

    /** The first {@code =}, {@code ==} or {@code !=} parts a term, whatever stands before it. */
    private static FieldRequirements.Requirement fieldTerm(String term, String whole) {
        for (int i = 0; i < term.length(); i++) {
            if (term.startsWith("!=", i)) {
                return new FieldRequirements.Requirement(term.substring(0, i), false, unescape(term.substring(i + 2)));
            }
            if (term.charAt(i) == '=') {
                int value = term.startsWith("==", i) ? i + 2 : i + 1;
                return new FieldRequirements.Requirement(term.substring(0, i), true, unescape(term.substring(value)));
            }
        }
        throw new IllegalArgumentException("invalid selector: '" + whole + "'; can't understand '" + term + "'");
    }

    private static List<String> splitUnescaped(String text) {
        var parts = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0 && text.indexOf('=') < 0) {
            return text;
        }
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                // Kubernetes prints the character's number.
                throw new IllegalArgumentException(
                        "invalid field selector: unescaped character in value: " + Integer.toString(c));
            }
            if (c == '\\') {
                int next = i + 1 == text.length() ? 0 : text.codePointAt(i + 1);
                if ("\\,=".indexOf(next) < 0) {
                    throw new IllegalArgumentException("invalid field selector: invalid escape sequence: \\"
                            + (next == 0 ? "" : Character.toString(next)));
                }
                out.append(text.charAt(++i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
