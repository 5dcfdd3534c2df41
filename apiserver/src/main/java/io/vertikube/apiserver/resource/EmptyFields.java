package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.Iterator;
import java.util.Map;

/**
 * In the types of the API an empty list or map that need not be there is the same as none, and is not stored ("Optional
 * vs. Required" in the API conventions). Values of types without a name, as in custom resources, stay as they are. Pure
 * but for the tree it is given.
 */
final class EmptyFields {

    private EmptyFields() {}

    static void drop(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> fields(schema, object);
            case ArrayNode array -> schema.items().ifPresent(items -> array.forEach(item -> drop(items, item)));
            default -> {}
        }
    }

    private static void fields(Schema schema, ObjectNode object) {
        boolean named = !schema.definition().isEmpty();
        Map<String, Schema> declared = schema.properties();
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            Schema child = declared.get(field.getKey());
            JsonNode value = field.getValue();
            if (child == null) {
                schema.additionalProperties().ifPresent(values -> drop(values, value));
            } else if (named
                    && value.isEmpty()
                    && isListOrMap(child, value)
                    && !schema.required().contains(field.getKey())) {
                fields.remove();
            } else {
                drop(child, value);
            }
        }
    }

    private static boolean isListOrMap(Schema schema, JsonNode value) {
        return value.isArray()
                || (value.isObject()
                        && schema.properties().isEmpty()
                        && schema.additionalProperties().isPresent());
    }
}
