package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of an object what an applier claimed before, claims no longer, and nobody else claims. A declared field counts
 * as claimed by whoever claims something below it. Safe for any thread.
 */
final class Pruning {

    private Pruning() {}

    /** Changes {@code object}. */
    static void prune(ObjectNode object, FieldSet before, FieldSet claimed, Schema schema) {
        fields(object, before, claimed, schema);
    }

    /** Whether the value is left with nothing because of what was taken out. */
    private static boolean descend(JsonNode value, FieldSet before, FieldSet claimed, @Nullable Schema schema) {
        boolean taken = false;
        if (value instanceof ObjectNode object && Shapes.granularMap(value, schema)) {
            taken = fields(object, before, claimed, schema);
        } else if (value instanceof ArrayNode list && schema != null && Shapes.keyedList(value, schema)) {
            taken = items(list, before, claimed, schema);
        }
        return taken && value.isEmpty();
    }

    private static boolean fields(ObjectNode object, FieldSet before, FieldSet claimed, @Nullable Schema schema) {
        boolean taken = false;
        for (Iterator<Map.Entry<String, JsonNode>> all = object.properties().iterator(); all.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = all.next();
            String step = Steps.field(entry.getKey());
            boolean named = Shapes.named(schema, entry.getKey());
            FieldSet inside = before.below(step);
            boolean wasClaimed = before.has(step) || (named && !inside.isEmpty());
            boolean isClaimed =
                    claimed.has(step) || (named && !claimed.below(step).isEmpty());
            boolean goes = wasClaimed && !isClaimed;
            if (!goes && !inside.isEmpty()) {
                goes = descend(entry.getValue(), inside, claimed.below(step), Shapes.child(schema, entry.getKey()));
            }
            if (goes) {
                all.remove();
                taken = true;
            }
        }
        return taken;
    }

    private static boolean items(ArrayNode list, FieldSet before, FieldSet claimed, Schema schema) {
        boolean taken = false;
        Schema item = Shapes.items(schema);
        for (Iterator<JsonNode> all = list.iterator(); all.hasNext(); ) {
            JsonNode value = all.next();
            String step = Steps.item(value, schema).orElse("");
            boolean goes = before.has(step) && !claimed.has(step);
            if (!goes && !before.below(step).isEmpty()) {
                descend(value, before.below(step), claimed.below(step), item);
            }
            if (goes) {
                all.remove();
                taken = true;
            }
        }
        return taken;
    }
}
