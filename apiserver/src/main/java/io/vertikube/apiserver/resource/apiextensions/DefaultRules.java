package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.schema.Pruner;
import io.vertikube.apiserver.schema.SchemaReader;
import java.util.Map;

/** Defaults in a schema hold nothing that the schema does not know ("Defaulting" in the documentation). Pure. */
final class DefaultRules {

    private DefaultRules() {}

    static void check(Place schema, Problems problems) {
        Place value = schema.get("default");
        if (value.node().isContainerNode() && !embeds(schema.node())) {
            JsonNode pruned = value.node().deepCopy();
            if (!Pruner.prune(new SchemaReader().read(schema.node()), pruned).isEmpty()) {
                problems.invalid(value, "must not have unknown fields");
            }
        }
        for (Map.Entry<String, Place> property : SchemaRules.properties(schema).entrySet()) {
            if (property.getKey().equals("metadata") && property.getValue().has("default")) {
                problems.forbidden(property.getValue().get("default"), "must not be set in metadata");
            }
            check(property.getValue(), problems);
        }
        for (String child : new String[] {"items", "additionalProperties"}) {
            if (schema.get(child).node().isObject()) {
                check(schema.get(child), problems);
            }
        }
    }

    /** Whether whole objects stand in it, whose metadata is declared nowhere. */
    private static boolean embeds(JsonNode schema) {
        if (schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            return true;
        }
        for (JsonNode property : schema.path("properties")) {
            if (embeds(property)) {
                return true;
            }
        }
        return (schema.path("items").isObject() && embeds(schema.path("items")))
                || (schema.path("additionalProperties").isObject() && embeds(schema.path("additionalProperties")));
    }
}
