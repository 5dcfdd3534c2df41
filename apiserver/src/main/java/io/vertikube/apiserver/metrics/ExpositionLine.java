package io.vertikube.apiserver.metrics;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One sample of the Prometheus text format (version 0.0.4): name, labels, value and, where it is told, time. Immutable. */
record ExpositionLine(String name, Map<String, String> labels, double value, Optional<Instant> at) {

    ExpositionLine {
        labels = Map.copyOf(labels);
    }

    String label(String key) {
        return labels.getOrDefault(key, "");
    }

    /** Empty for comments, blank lines and what is no sample. */
    static Optional<ExpositionLine> of(String line) {
        if (line.isEmpty() || line.charAt(0) == '#') {
            return Optional.empty();
        }
        int open = line.indexOf('{');
        int space = line.indexOf(' ');
        Map<String, String> labels = new HashMap<>();
        int end = open >= 0 && (space < 0 || open < space) ? labels(line, open + 1, labels) : space;
        if (end < 0) {
            return Optional.empty();
        }
        String[] rest = line.substring(end).strip().split("\\s+");
        try {
            double value = Double.parseDouble(rest[0]);
            Optional<Instant> at = rest.length > 1
                    ? Optional.of(Instant.ofEpochMilli((long) Double.parseDouble(rest[1])))
                    : Optional.empty();
            return Optional.of(
                    new ExpositionLine(line.substring(0, open >= 0 && open < end ? open : end), labels, value, at));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Reads {@code a="b",c="d"}} and answers where the value begins; -1 if it is broken off. */
    private static int labels(String line, int from, Map<String, String> labels) {
        int at = from;
        while (at < line.length()) {
            if (line.charAt(at) == '}') {
                return at + 1;
            }
            int equals = line.indexOf("=\"", at);
            if (equals < 0) {
                return -1;
            }
            String key = line.substring(at, equals).replace(",", "").strip();
            var value = new StringBuilder();
            at = equals + 2;
            while (at < line.length() && line.charAt(at) != '"') {
                char c = line.charAt(at++);
                if (c == '\\' && at < line.length()) {
                    char escaped = line.charAt(at++);
                    value.append(escaped == 'n' ? '\n' : escaped);
                } else {
                    value.append(c);
                }
            }
            at++;
            labels.put(key, value.toString());
        }
        return -1;
    }
}
