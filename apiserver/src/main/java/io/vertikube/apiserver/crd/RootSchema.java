package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A definition's schema as the schema of whole objects: {@code apiVersion}, {@code kind} and {@code metadata} are those of
 * every object, at the root and wherever a resource is embedded. Pure functions.
 */
final class RootSchema {

    private static final String META = "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private RootSchema() {}

    static ObjectNode of(JsonNode stated) {
        ObjectNode root =
                stated instanceof ObjectNode schema ? schema.deepCopy() : JsonNodeFactory.instance.objectNode();
        embedded(root);
        if (root.path("type").asText().isEmpty()) {
            root.put("type", "object");
        }
        header(root);
        return root;
    }

    private static void header(ObjectNode schema) {
        ObjectNode properties = schema.withObject("/properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").putArray("allOf").addObject().put("$ref", META);
    }

    private static void embedded(JsonNode schema) {
        if (!(schema instanceof ObjectNode node)) {
            return;
        }
        node.path("properties").forEach(RootSchema::embedded);
        embedded(node.path("items"));
        embedded(node.path("additionalProperties"));
        if (node.path("x-kubernetes-embedded-resource").asBoolean()) {
            header(node);
        }
    }
}
