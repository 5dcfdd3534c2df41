package io.vertikube.value;

import io.vertikube.value.LabelRequirements.Operator;
import io.vertikube.value.LabelRequirements.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One pass over the text of a label selector, word by word; what does not fit is told in the sentences that Kubernetes
 * has for it. A word is a symbol, a run of other characters, or empty at the end of the text. Confined to the caller.
 */
final class LabelSelectorReader {

    private static final String SYMBOLS = "=!(),<>";
    private static final String SPACES = " \t\r\n";
    private static final String END = "";

    private final String text;
    private int at;
    private String word;

    LabelSelectorReader(String text) {
        this.text = text;
        this.word = read();
    }

    LabelRequirements requirements() {
        var requirements = new ArrayList<Requirement>();
        if (!word.equals(END) && !startsRequirement()) {
            throw found("!, identifier, or 'end of string'");
        }
        while (!word.equals(END)) {
            try {
                requirements.add(requirement());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage(), e);
            }
            if (word.equals(",")) {
                next();
                if (!startsRequirement()) {
                    throw found("identifier after ','");
                }
            } else if (!word.equals(END)) {
                throw found("',' or 'end of string'");
            }
        }
        return new LabelRequirements(requirements);
    }

    private boolean startsRequirement() {
        return isName() || word.equals("!");
    }

    private Requirement requirement() {
        boolean absent = word.equals("!");
        if (absent) {
            next();
        }
        String key = name();
        List<String> problems = Names.labelKey(key);
        if (!problems.isEmpty()) {
            // Kubernetes has no path for the key and says so.
            throw invalid("<nil>", quoted(key), String.join("; ", problems));
        }
        if (absent || word.equals(END) || word.equals(",")) {
            return new Requirement(key, absent ? Operator.DOES_NOT_EXIST : Operator.EXISTS, Set.of());
        }
        String operator = word;
        return switch (operator) {
            case "=", "==" -> new Requirement(key, Operator.IN, one(key));
            case "!=" -> new Requirement(key, Operator.NOT_IN, one(key));
            case ">" -> new Requirement(key, Operator.GREATER, integer(key));
            case "<" -> new Requirement(key, Operator.LESS, integer(key));
            case "in" -> new Requirement(key, Operator.IN, set(key));
            case "notin" -> new Requirement(key, Operator.NOT_IN, set(key));
            default -> throw found("in, notin, =, ==, !=, gt, lt");
        };
    }

    /** The value behind an operator; none is the empty one. */
    private Set<String> one(String key) {
        next();
        return checked(key, Set.of(word.equals(END) || word.equals(",") ? "" : name()));
    }

    private Set<String> integer(String key) {
        Set<String> values = one(key);
        String value = values.iterator().next();
        try {
            Long.parseLong(value);
            return values;
        } catch (NumberFormatException e) {
            throw invalid("values[0]", quoted(value), "for 'Gt', 'Lt' operators, the value must be an integer");
        }
    }

    /** Values in brackets; where nothing stands between two commas, or a comma and a bracket, is an empty one. */
    private Set<String> set(String key) {
        next();
        if (!word.equals("(")) {
            throw new IllegalArgumentException("found '" + word + "' expected: '('");
        }
        next();
        var values = new TreeSet<String>();
        if (word.equals(")")) {
            throw invalid("values", "[]", "for 'in', 'notin' operators, values set can't be empty");
        }
        if (!isName() && !word.equals(",")) {
            throw found("',', ')' or identifier");
        }
        while (true) {
            if (isName()) {
                values.add(name());
                if (!word.equals(",") && !word.equals(")")) {
                    throw found("',' or ')'");
                }
            } else if (word.equals(",") || word.equals(")")) {
                values.add("");
            } else {
                throw found("',', or identifier");
            }
            if (word.equals(")")) {
                next();
                return checked(key, values);
            }
            next();
        }
    }

    private static Set<String> checked(String key, Set<String> values) {
        int index = 0;
        for (String value : values) {
            List<String> problems = Names.labelValue(value);
            if (!problems.isEmpty()) {
                throw invalid("values[" + index + "][" + key + "]", quoted(value), String.join("; ", problems));
            }
            index++;
        }
        return values;
    }

    private String name() {
        String name = word;
        if (!isName()) {
            throw found("identifier");
        }
        next();
        return name;
    }

    private boolean isName() {
        return !word.equals(END) && SYMBOLS.indexOf(word.charAt(0)) < 0;
    }

    private void next() {
        word = read();
    }

    private String read() {
        while (at < text.length() && SPACES.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        int start = at;
        if (at == text.length()) {
            return END;
        }
        if (SYMBOLS.indexOf(text.charAt(at)) < 0) {
            while (at < text.length() && SYMBOLS.indexOf(text.charAt(at)) < 0 && SPACES.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }
        at += text.startsWith("==", at) || text.startsWith("!=", at) ? 2 : 1;
        return text.substring(start, at);
    }

    private static String quoted(String value) {
        return '"' + value + '"';
    }

    private IllegalArgumentException found(String expected) {
        return new IllegalArgumentException("found '" + word + "', expected: " + expected);
    }

    private static IllegalArgumentException invalid(String field, String value, String why) {
        return new IllegalArgumentException(field + ": Invalid value: " + value + ": " + why);
    }
}
