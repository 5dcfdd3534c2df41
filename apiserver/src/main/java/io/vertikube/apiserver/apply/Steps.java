package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The steps of a field path: how they are written in {@code FieldsV1}, found in data, and printed. Safe for any thread. */
final class Steps {

    private Steps() {}

    static String field(String name) {
        return "f:" + name;
    }

    /**
     * The step to an item of a list that the schema calls a set or a map; empty for an item of a map list that has none
     * of the keys. Keys that an item leaves out have their schema default.
     */
    static Optional<String> item(JsonNode item, Schema list) {
        if (list.listType() == Schema.ListType.SET) {
            return Optional.of(value(item));
        }
        List<String> names = list.listMapKeys();
        if (names.size() == 1) {
            JsonNode value = keyOf(item, names.getFirst(), list);
            return value == null ? Optional.empty() : Optional.of(key(Map.of(names.getFirst(), value)));
        }
        Map<String, JsonNode> key = new TreeMap<>();
        for (String name : names) {
            JsonNode value = keyOf(item, name, list);
            if (value != null) {
                key.put(name, value);
            }
        }
        return key.isEmpty() ? Optional.empty() : Optional.of(key(key));
    }

    private static @Nullable JsonNode keyOf(JsonNode item, String name, Schema list) {
        JsonNode value = item.get(name);
        return value != null && !value.isNull()
                ? value
                : list.items()
                        .flatMap(s -> s.property(name))
                        .flatMap(Schema::defaultValue)
                        .orElse(null);
    }

    /** The step to an item by its value. */
    static String value(JsonNode item) {
        var step = new StringBuilder("v:");
        append(step, item);
        return step.toString();
    }

    private static String key(Map<String, JsonNode> sorted) {
        var step = new StringBuilder(64).append("k:{");
        sorted.forEach((name, value) -> {
            append(step.length() > 3 ? step.append(',') : step, name);
            append(step.append(':'), value);
        });
        return step.append('}').toString();
    }

    private static void append(StringBuilder step, JsonNode value) {
        if (value.isTextual()) {
            append(step, value.textValue());
        } else {
            step.append(value);
        }
    }

    /** Nearly every text is its own JSON between quotes; for the others a generator is worth its price. */
    private static void append(StringBuilder step, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                step.append(TextNode.valueOf(text));
                return;
            }
        }
        step.append('"').append(text).append('"');
    }

    /** The step as this class writes it, so that equal steps are equal strings. */
    static String canonical(String step) {
        if (step.startsWith("k:") || step.startsWith("v:")) {
            JsonNode value = json(step.substring(2));
            if (step.charAt(0) == 'v') {
                return value(value);
            }
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            return key(sorted);
        }
        if (step.startsWith("f:") || step.startsWith("i:")) {
            return step;
        }
        throw new IllegalArgumentException("no step of a field path: " + step);
    }

    /** As in Kubernetes' messages: {@code .image}, {@code [name="c"]}, {@code [="x"]}, {@code [0]}. */
    static String printed(String step) {
        String rest = step.substring(2);
        return switch (step.charAt(0)) {
            case 'k' ->
                json(rest).properties().stream()
                        .sorted(Comparator.comparing(Map.Entry::getKey))
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",", "[", "]"));
            case 'v' -> "[=" + rest + "]";
            case 'i' -> "[" + rest + "]";
            default -> "." + rest;
        };
    }

    static String printed(List<String> steps) {
        return steps.stream().map(Steps::printed).collect(Collectors.joining());
    }

    private static JsonNode json(String text) {
        try {
            return JsonTrees.read(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("no step of a field path: " + text, e);
        }
    }
}
