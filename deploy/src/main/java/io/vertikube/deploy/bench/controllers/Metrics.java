package io.vertikube.deploy.bench.controllers;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Samples in the Prometheus text format. Pure. */
final class Metrics {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)\\{([^}]*)\\} (\\S+)(?: \\d+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private Metrics() {}

    /** The sum of a metric's samples whose labels are wanted, by the values of one or more labels joined by blanks. */
    static Map<String, Double> sums(String text, String name, Predicate<Map<String, String>> wanted, String... by) {
        Map<String, Double> sums = new TreeMap<>();
        text.lines().filter(line -> line.startsWith(name + "{")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new IllegalArgumentException("no sample of a metric: " + line);
            }
            Map<String, String> labels = labels(sample.group(2));
            if (wanted.test(labels)) {
                var key = new StringBuilder();
                for (String label : by) {
                    key.append(key.isEmpty() ? "" : " ").append(labels.getOrDefault(label, ""));
                }
                sums.merge(key.toString().strip(), Double.parseDouble(sample.group(3)), Double::sum);
            }
        });
        return sums;
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }
}
