package io.vertikube.kubelet.runtime.simulated;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a written word means: quotes go, {@code $NAME}, <code>${NAME:-default}</code>, {@code $?}, {@code $(command)} and
 * {@code $((1 + n))} become their values. Confined to one process.
 */
final class ToyWords {

    /** Runs a script and answers what it printed. */
    interface Substitution {
        String output(String script) throws IOException, InterruptedException;
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|\\?");
    private static final Pattern SUM = Pattern.compile("\\s*([-+*]?)\\s*\\$?([A-Za-z0-9_]+)");

    private final Map<String, String> variables;
    private final Substitution substitution;

    ToyWords(Map<String, String> variables, Substitution substitution) {
        this.variables = variables;
        this.substitution = substitution;
    }

    /** All words that written words stand for: values outside of quotes are split at blanks. */
    List<String> all(List<String> written) throws IOException, InterruptedException {
        List<String> result = new ArrayList<>();
        for (String word : written) {
            String value = one(word);
            if (word.indexOf('"') < 0 && word.indexOf('\'') < 0 && word.indexOf('$') >= 0) {
                for (String part : value.split("\\s+")) {
                    if (!part.isEmpty()) {
                        result.add(part);
                    }
                }
            } else {
                result.add(value);
            }
        }
        return result;
    }

    String one(String word) throws IOException, InterruptedException {
        var text = new StringBuilder();
        boolean doubly = false;
        int i = 0;
        while (i < word.length()) {
            char c = word.charAt(i);
            if (c == '\'' && !doubly) {
                int end = word.indexOf('\'', i + 1);
                text.append(word, i + 1, end);
                i = end + 1;
            } else if (c == '"') {
                doubly = !doubly;
                i++;
            } else if (c == '\\' && i + 1 < word.length()) {
                char next = word.charAt(i + 1);
                boolean taken = !doubly || next == '"' || next == '\\' || next == '$';
                text.append(taken ? "" : "\\").append(next);
                i += 2;
            } else if (c == '$' && i + 1 < word.length()) {
                i = dollar(word, i + 1, text);
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    /** Appends what stands after a dollar sign and answers where it ends. */
    private int dollar(String word, int from, StringBuilder text) throws IOException, InterruptedException {
        if (word.charAt(from) == '(') {
            int end = closing(word, from);
            String inner = word.substring(from + 1, end);
            text.append(
                    inner.startsWith("(") && inner.endsWith(")")
                            ? String.valueOf(sum(inner.substring(1, inner.length() - 1)))
                            : substitution.output(inner).stripTrailing());
            return end + 1;
        }
        if (word.charAt(from) == '{') {
            int end = word.indexOf('}', from);
            if (end < 0) {
                text.append("$");
                return from;
            }
            String[] parts = word.substring(from + 1, end).split(":-", 2);
            String value = variables.getOrDefault(parts[0], "");
            text.append(value.isEmpty() && parts.length > 1 ? parts[1] : value);
            return end + 1;
        }
        Matcher name = NAME.matcher(word).region(from, word.length());
        if (!name.lookingAt()) {
            text.append('$');
            return from;
        }
        text.append(variables.getOrDefault(name.group(), ""));
        return name.end();
    }

    private static int closing(String word, int from) {
        int depth = 0;
        for (int i = from; i < word.length(); i++) {
            depth += word.charAt(i) == '(' ? 1 : word.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return word.length() - 1;
    }

    /** From left to right, without precedence. */
    private long sum(String expression) {
        long result = 0;
        Matcher terms = SUM.matcher(expression);
        while (terms.find()) {
            long value = number(terms.group(2));
            result = switch (terms.group(1)) {
                case "-" -> result - value;
                case "*" -> result * value;
                default -> result + value;
            };
        }
        return result;
    }

    private long number(String term) {
        String value = Character.isDigit(term.charAt(0)) ? term : variables.getOrDefault(term, "0");
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
