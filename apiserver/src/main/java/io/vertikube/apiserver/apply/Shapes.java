package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a value is divided among managers: field by field, item by item, or not at all. Where the schema says nothing,
 * objects are divided and lists are not. Safe for any thread.
 */
final class Shapes {

    private Shapes() {}

    static boolean granularMap(JsonNode value, @Nullable Schema schema) {
        return value.isObject() && (schema == null || schema.mapType() == Schema.MapType.GRANULAR);
    }

    /** Whether items have managers of their own, and can be told apart in this list. */
    static boolean keyedList(JsonNode value, @Nullable Schema schema) {
        return value.isArray() && schema != null && schema.listType() != Schema.ListType.ATOMIC;
    }

    /** The schema of what stands under a key; null where the schema does not say. */
    static @Nullable Schema child(@Nullable Schema schema, String key) {
        return Optional.ofNullable(schema).flatMap(s -> s.child(key)).orElse(null);
    }

    static @Nullable Schema items(@Nullable Schema schema) {
        return Optional.ofNullable(schema).flatMap(Schema::items).orElse(null);
    }

    /** Whether the key is a declared field of a type rather than a key of a map. */
    static boolean named(@Nullable Schema schema, String key) {
        return schema != null && schema.property(key).isPresent();
    }

    static boolean empty(@Nullable JsonNode value) {
        return value == null || value.isNull() || (value.isContainerNode() && value.isEmpty());
    }

    /** Equal, where numbers are equal by value. */
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(b)
                || a.equals(
                        (x, y) -> x.isNumber() && y.isNumber()
                                ? x.decimalValue().compareTo(y.decimalValue())
                                : x.equals(y) ? 0 : 1,
                        b);
    }

    /** Items by their step, in order; several that cannot be told apart stand under one step. */
    static Map<String, List<JsonNode>> itemsByStep(@Nullable JsonNode list, Schema schema) {
        Map<String, List<JsonNode>> items = new LinkedHashMap<>();
        if (list instanceof ArrayNode) {
            for (JsonNode item : list) {
                items.computeIfAbsent(
                                Steps.item(item, schema).orElseGet(() -> Steps.value(item)), s -> new ArrayList<>())
                        .add(item);
            }
        }
        return items;
    }

    /** A copy without what managers do not manage: the list of managers itself. */
    static ObjectNode withoutManagedFields(ObjectNode object) {
        ObjectNode copy = object.objectNode();
        copy.setAll(object);
        if (object.get("metadata") instanceof ObjectNode metadata) {
            ObjectNode bare = object.objectNode();
            bare.setAll(metadata);
            bare.remove("managedFields");
            copy.set("metadata", bare);
        }
        return copy;
    }
}
