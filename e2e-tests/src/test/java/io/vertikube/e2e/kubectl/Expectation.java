package io.vertikube.e2e.kubectl;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a command is expected to say, line by line: {@code <*>} is any text of a line, a line {@code ...} any lines, and
 * several blanks after the first word are one, since widths of tables depend on names. Immutable.
 */
final class Expectation {

    private static final String ANY_LINES = "...";

    private final List<Pattern> lines;

    Expectation(List<String> lines) {
        this.lines = lines.stream().map(Expectation::pattern).toList();
    }

    boolean isMetBy(List<String> said) {
        return met(0, said.stream().map(Expectation::narrowed).toList(), 0);
    }

    private boolean met(int line, List<String> said, int at) {
        if (line == lines.size()) {
            return at == said.size();
        }
        if (lines.get(line).pattern().equals(ANY_LINES)) {
            for (int next = at; next <= said.size(); next++) {
                if (met(line + 1, said, next)) {
                    return true;
                }
            }
            return false;
        }
        return at < said.size() && lines.get(line).matcher(said.get(at)).matches() && met(line + 1, said, at + 1);
    }

    private static Pattern pattern(String line) {
        if (line.equals(ANY_LINES)) {
            return Pattern.compile(ANY_LINES);
        }
        return Pattern.compile(List.of(narrowed(line).split("<\\*>", -1)).stream()
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    }

    /** Without blanks at the end, and with one where several stand behind a word. */
    private static String narrowed(String line) {
        return line.stripTrailing().replaceAll("(?<=\\S)[ \\t]+", " ");
    }
}
