package io.vertikube.value;

import io.vertikube.value.LabelRequirements.Operator;
import io.vertikube.value.LabelRequirements.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One pass over the text of a label selector. Confined to the caller. */
final class LabelSelectorReader {

    private static final String DELIMITERS = "=!(),<>";

    private final String text;
    private int at;

    LabelSelectorReader(String text) {
        this.text = text;
    }

    LabelRequirements read() {
        var requirements = new ArrayList<Requirement>();
        skipSpaces();
        while (at < text.length()) {
            requirements.add(requirement());
            skipSpaces();
            if (at < text.length()) {
                expect(',');
                skipSpaces();
                if (at == text.length()) {
                    throw failure("found '', expected: identifier after ','");
                }
            }
        }
        return new LabelRequirements(requirements);
    }

    private Requirement requirement() {
        if (peek() == '!') {
            at++;
            return new Requirement(key(), Operator.DOES_NOT_EXIST, Set.of());
        }
        String key = key();
        skipSpaces();
        if (at == text.length() || peek() == ',') {
            return new Requirement(key, Operator.EXISTS, Set.of());
        }
        switch (peek()) {
            case '=' -> {
                at++;
                if (at < text.length() && peek() == '=') {
                    at++;
                }
                return new Requirement(key, Operator.IN, Set.of(value()));
            }
            case '!' -> {
                at++;
                expect('=');
                return new Requirement(key, Operator.NOT_IN, Set.of(value()));
            }
            case '>' -> {
                at++;
                return new Requirement(key, Operator.GREATER, Set.of(integer()));
            }
            case '<' -> {
                at++;
                return new Requirement(key, Operator.LESS, Set.of(integer()));
            }
            default -> {
                String word = word();
                return switch (word) {
                    case "in" -> new Requirement(key, Operator.IN, set());
                    case "notin" -> new Requirement(key, Operator.NOT_IN, set());
                    default -> throw failure("found '" + word + "', expected: in, notin, =, ==, !=, gt, lt");
                };
            }
        }
    }

    private Set<String> set() {
        var values = new LinkedHashSet<String>();
        skipSpaces();
        if (at == text.length() || text.charAt(at) != '(') {
            throw failure("found '" + next() + "', expected: '('");
        }
        at++;
        skipSpaces();
        if (at == text.length()) {
            throw failure("found '', expected: ',', ')' or identifier");
        }
        do {
            values.add(value());
            skipSpaces();
        } while (at < text.length() && peek() == ',' && ++at > 0);
        if (at == text.length() || peek() != ')') {
            throw failure("found '" + next() + "', expected: ',' or ')'");
        }
        at++;
        return values;
    }

    private String key() {
        skipSpaces();
        String key = word();
        List<String> problems = key.isEmpty() ? List.of("found '', expected: identifier") : Names.labelKey(key);
        if (!problems.isEmpty()) {
            throw failure("key \"" + key + "\": " + String.join("; ", problems));
        }
        return key;
    }

    private String value() {
        skipSpaces();
        String value = word();
        List<String> problems = Names.labelValue(value);
        if (!problems.isEmpty()) {
            throw failure("value \"" + value + "\": " + String.join("; ", problems));
        }
        return value;
    }

    private String integer() {
        String value = value();
        try {
            Long.parseLong(value);
            return value;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "unable to parse requirement: \"" + value + "\" is no integer, as '>' and '<' need it", e);
        }
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && DELIMITERS.indexOf(text.charAt(at)) < 0
                && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private char peek() {
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (at == text.length() || text.charAt(at) != wanted) {
            throw failure("found '" + next() + "', expected: '" + wanted + "'");
        }
        at++;
    }

    /** What stands where something else was expected. */
    private String next() {
        return at == text.length() ? "" : text.substring(at, at + 1);
    }

    private void skipSpaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException failure(String why) {
        return new IllegalArgumentException("unable to parse requirement: " + why);
    }
}
