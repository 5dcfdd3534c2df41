package io.vertikube.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import org.jspecify.annotations.Nullable;

/**
 * Whether two objects mean the same on the wire, where zero, false and empty values may be left out. So a controller does not write
 * again and again what a server stores in fewer words. Pure.
 */
public final class Same {
    private Same() {}

    public static boolean meaning(@Nullable Object one, @Nullable Object other) {
        if (one != null && one.equals(other)) {
            return true;
        }
        return pruned(one).equals(pruned(other));
    }

    private static JsonNode pruned(@Nullable Object value) {
        return value == null ? Json.object() : prune(Json.mapper().valueToTree(value));
    }

    private static JsonNode prune(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode kept = Json.object();
            object.properties().forEach(field -> {
                JsonNode value = prune(field.getValue());
                if (!empty(value)) {
                    kept.set(field.getKey(), value);
                }
            });
            return kept;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode kept = Json.array();
            array.forEach(element -> kept.add(prune(element)));
            return kept;
        }
        return node;
    }

    private static boolean empty(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.textValue().isEmpty())
                || (value.isNumber() && value.doubleValue() == 0)
                || (value.isBoolean() && !value.booleanValue());
    }
}
