package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
            return Optional.of("v:" + item);
        }
        Optional<Schema> itemSchema = list.items();
        Map<String, JsonNode> key = new TreeMap<>();
        for (String name : list.listMapKeys()) {
            JsonNode value = item.get(name);
            if (value == null || value.isNull()) {
                value = itemSchema
                        .flatMap(s -> s.property(name))
                        .flatMap(Schema::defaultValue)
                        .orElse(null);
            }
            if (value != null) {
                key.put(name, value);
            }
        }
        return key.isEmpty() ? Optional.empty() : Optional.of("k:" + written(key));
    }

    private static ObjectNode written(Map<String, JsonNode> sorted) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        sorted.forEach(json::set);
        return json;
    }

    /** The step as this class writes it, so that equal steps are equal strings. */
    static String canonical(String step) {
        if (step.startsWith("k:") || step.startsWith("v:")) {
            JsonNode value = json(step.substring(2));
            if (step.charAt(0) == 'v') {
                return "v:" + value;
            }
            Map<String, JsonNode> sorted = new TreeMap<>();
            value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            return "k:" + written(sorted);
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
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no step of a field path: " + text, e);
        }
    }
}
