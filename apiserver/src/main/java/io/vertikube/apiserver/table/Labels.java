package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;

/** Labels and label selectors as text, sorted by key. Pure. */
final class Labels {

    private Labels() {}

    /** {@code a=1,b=2}, or {@code <none>}. */
    static String of(JsonNode labels) {
        Map<String, String> sorted = new TreeMap<>();
        labels.properties()
                .forEach(label -> sorted.put(
                        label.getKey(), label.getKey() + "=" + label.getValue().asText()));
        return sorted.isEmpty() ? Row.NONE : String.join(",", sorted.values());
    }

    /** A {@code LabelSelector} as one would type it, or {@code <none>}. */
    static String selector(JsonNode selector) {
        Map<String, String> terms = new TreeMap<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label -> terms.put(
                        label.getKey(), label.getKey() + "=" + label.getValue().asText()));
        int number = 0;
        for (JsonNode expression : selector.path("matchExpressions")) {
            terms.put(expression.path("key").asText() + " " + number++, expression(expression));
        }
        return terms.isEmpty() ? Row.NONE : String.join(",", terms.values());
    }

    private static String expression(JsonNode expression) {
        String key = expression.path("key").asText();
        var sorted = new TreeSet<String>();
        expression.path("values").forEach(value -> sorted.add(value.asText()));
        var values = new StringJoiner(",", "(", ")");
        sorted.forEach(values::add);
        return switch (expression.path("operator").asText()) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "Exists" -> key;
            case "DoesNotExist" -> "!" + key;
            default -> "<error>";
        };
    }
}
