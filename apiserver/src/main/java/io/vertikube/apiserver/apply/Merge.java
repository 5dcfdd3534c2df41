package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Iterator<String> left = old.keySet().iterator();
        Set<String> passed = new HashSet<>();
        List<String> waiting = new ArrayList<>();
        for (String step : now.keySet()) {
            waiting.add(step);
            if (!old.containsKey(step) || passed.contains(step)) {
                continue;
            }
            String reached = "";
            while (!reached.equals(step)) {
                reached = left.next();
                passed.add(reached);
                addLiveOnly(result, reached, old, now);
            }
            waiting.forEach(next -> add(result, old.get(next), now.get(next), item));
            waiting.clear();
        }
        left.forEachRemaining(step -> addLiveOnly(result, step, old, now));
        waiting.forEach(next -> add(result, old.get(next), now.get(next), item));
        return result;
    }

    /** Items of the configuration wait for their own turn. */
    private static void addLiveOnly(
            ArrayNode result, String step, Map<String, List<JsonNode>> old, Map<String, List<JsonNode>> now) {
        if (!now.containsKey(step)) {
            old.getOrDefault(step, List.of()).forEach(result::add);
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
