package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Defaulter;
import io.vertikube.apiserver.schema.Pruner;
import io.vertikube.apiserver.schema.Schema;
import java.util.Iterator;
import java.util.Map;

/**
 * Leaves an object as its schema wants it at rest and on the way out: unknown fields gone, defaults in place, and no null
 * where the schema allows none ("Defaulting and Nullable", "Field pruning" in the documentation of custom resources).
 * Pure but for the tree it is given.
 */
final class Coercion {

    private Coercion() {}

    static void apply(Schema schema, ObjectNode object) {
        Pruner.prune(schema, object);
        Defaulter.applyDefaults(schema, object);
        dropNulls(schema, object);
    }

    static void prune(Schema schema, ObjectNode object) {
        Pruner.prune(schema, object);
    }

    /** A null that is not allowed, and that no default has taken the place of, is as if it were not there. */
    static void dropNulls(Schema schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                schema.child(field.getKey()).ifPresent(child -> {
                    if (field.getValue().isNull()
                            && !child.nullable()
                            && child.defaultValue().isEmpty()) {
                        fields.remove();
                    } else {
                        dropNulls(child, field.getValue());
                    }
                });
            }
        } else if (value instanceof ArrayNode array) {
            schema.items().ifPresent(items -> array.forEach(item -> dropNulls(items, item)));
        }
    }
}
