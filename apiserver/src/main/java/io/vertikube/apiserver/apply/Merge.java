package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays a configuration over an object: maps field by field, keyed lists item by item, the rest replaced. Safe for any thread. */
final class Merge {

    private Merge() {}

    /** Shares nothing with the arguments. */
    static ObjectNode of(ObjectNode live, ObjectNode config, Schema schema) {
        ObjectNode merged = live.deepCopy();
        fields(merged, config, schema);
        return merged;
    }

    private static void fields(ObjectNode target, ObjectNode config, @Nullable Schema schema) {
        for (var entry : config.properties()) {
            String name = entry.getKey();
            Schema child = Shapes.child(schema, name);
            if (entry.getValue().isNull() && (child == null || !child.nullable())) {
                target.remove(name);
            } else {
                target.set(name, value(target.get(name), entry.getValue(), child));
            }
        }
    }

    private static JsonNode value(@Nullable JsonNode live, JsonNode config, @Nullable Schema schema) {
        if (live instanceof ObjectNode target
                && config instanceof ObjectNode changes
                && Shapes.granularMap(config, schema)) {
            fields(target, changes, schema);
            return target;
        }
        if (schema != null && live instanceof ArrayNode list && Shapes.keyedList(config, schema)) {
            return items(list, config, schema);
        }
        return config.deepCopy();
    }

    /**
     * The configuration's items in its order; items that only the object has keep their place before the next item that
     * both have.
     */
    private static ArrayNode items(ArrayNode live, JsonNode config, Schema schema) {
        Map<String, List<JsonNode>> old = Shapes.itemsByStep(live, schema);
        Map<String, List<JsonNode>> now = Shapes.itemsByStep(config, schema);
        Schema item = Shapes.items(schema);
        ArrayNode result = JsonNodeFactory.instance.arrayNode(old.size() + now.size());
        Deque<String> left = new ArrayDeque<>(old.keySet());
        List<String> waiting = new ArrayList<>();
        for (String step : now.keySet()) {
            waiting.add(step);
            if (!left.contains(step)) {
                continue;
            }
            takeLiveOnly(left, step, old, now, result);
            waiting.forEach(next -> add(result, old.get(next), now.get(next), item));
            waiting.clear();
        }
        takeLiveOnly(left, null, old, now, result);
        waiting.forEach(next -> add(result, old.get(next), now.get(next), item));
        return result;
    }

    /** Moves items that only the object has, up to the given one; items of the configuration wait for their own turn. */
    private static void takeLiveOnly(
            Deque<String> left,
            @Nullable String upTo,
            Map<String, List<JsonNode>> old,
            Map<String, List<JsonNode>> now,
            ArrayNode result) {
        if (upTo != null && !left.contains(upTo)) {
            return;
        }
        while (!left.isEmpty()) {
            String step = left.poll();
            if (step.equals(upTo)) {
                return;
            }
            if (!now.containsKey(step)) {
                old.getOrDefault(step, List.of()).forEach(result::add);
            }
        }
    }

    private static void add(
            ArrayNode result, @Nullable List<JsonNode> old, @Nullable List<JsonNode> now, @Nullable Schema item) {
        if (now == null) {
            return;
        }
        JsonNode config = now.getLast();
        result.add(value(old == null ? null : old.getFirst(), config, item));
    }
}
