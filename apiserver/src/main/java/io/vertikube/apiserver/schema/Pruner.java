package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops the fields that a schema does not declare, unless it says to keep them. Values of other types than the schema's
 * are left for whoever checks types. Confined to one walk.
 */
public final class Pruner {

    private static final int REPORTED = 100;

    private final FieldPath path = new FieldPath();
    private final List<String> dropped = new ArrayList<>();

    private Pruner() {}

    /**
     * Prunes in place.
     *
     * @return paths of what was dropped, in the order of the document, the first hundred of them
     */
    public static List<String> prune(Schema schema, JsonNode tree) {
        var pruner = new Pruner();
        pruner.walk(schema, tree);
        return pruner.dropped;
    }

    private void walk(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> object(schema, object);
            case ArrayNode array -> schema.items().ifPresent(items -> array(items, array));
            default -> {}
        }
    }

    private void object(Schema schema, ObjectNode object) {
        Map<String, Schema> declared = schema.properties();
        @Nullable Schema values = schema.additionalProperties().orElse(null);
        boolean keep = schema.preserveUnknownFields();
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            Schema own = declared.get(field.getKey());
            Schema child = own != null ? own : values;
            if (child == null && keep) {
                continue;
            }
            if (child != null && !field.getValue().isContainerNode()) {
                continue;
            }
            path.field(field.getKey());
            if (child == null) {
                fields.remove();
                if (dropped.size() < REPORTED) {
                    dropped.add(path.toString());
                }
            } else {
                walk(child, field.getValue());
            }
            path.up();
        }
    }

    private void array(Schema items, ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
            path.index(i);
            walk(items, array.get(i));
            path.up();
        }
    }
}
