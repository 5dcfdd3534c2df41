package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * Fills in the defaults that a schema states, from the outside in, so that a default object gets the defaults of its own
 * fields. A field that is there keeps its value; a null that the schema does not allow counts as absent. Defaults that
 * depend on other fields are rules of the kind, not of the schema. Pure functions over the given tree.
 */
public final class Defaulter {

    private Defaulter() {}

    /** Fills in place. */
    public static void applyDefaults(Schema schema, JsonNode tree) {
        switch (tree) {
            case ObjectNode object -> object(schema, object);
            case ArrayNode array ->
                schema.items().ifPresent(items -> {
                    for (JsonNode item : array) {
                        applyDefaults(items, item);
                    }
                });
            default -> {}
        }
    }

    private static void object(Schema schema, ObjectNode object) {
        for (Map.Entry<String, Schema> field : schema.defaulted().entrySet()) {
            JsonNode present = object.get(field.getKey());
            boolean absent =
                    present == null || (present.isNull() && !field.getValue().nullable());
            if (absent) {
                Optional<JsonNode> value = field.getValue().defaultValue();
                value.ifPresent(known -> object.set(field.getKey(), known.deepCopy()));
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue().isContainerNode()) {
                schema.child(field.getKey()).ifPresent(child -> applyDefaults(child, field.getValue()));
            }
        }
    }
}
