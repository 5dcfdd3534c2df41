package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Definitions;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The one OpenAPI v2 document of the whole server, for clients older than v3 (kubectl before 1.28 plans its patches and
 * explains fields from it). It has every definition and, of the paths, those that can be patched, because clients look
 * there for the query parameters that a server knows. Pure functions.
 */
final class SwaggerDocument {

    private static final String V2 = "#/definitions/";
    private static final String V3 = "#/components/schemas/";
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

    /** What v2 has a word for; conditions and alternatives of custom schemas it has not. */
    private static final Set<String> KEPT = Set.of(
            "description", "type", "format", "title", "default", "enum", "required", "pattern", "minimum", "maximum");

    private SwaggerDocument() {}

    static ObjectNode of(Collection<ResourceType> rows, Definitions definitions, CustomSchemas customSchemas) {
        ObjectNode root = Json.object();
        root.put("swagger", "2.0");
        root.putObject("info").put("title", "Kubernetes").put("version", "unversioned");
        ObjectNode paths = root.putObject("paths");
        ObjectNode schemas = root.putObject("definitions");
        for (String name : definitions.names()) {
            schemas.set(name, definition(name, Json.tree(definitions.bytes(name))));
        }
        schemas.forEach(schema -> schema.path("properties").forEach(property -> describe(property, schemas)));
        for (ResourceType row : rows) {
            boolean custom = definitions.ofKind(row.gvk()).isEmpty();
            if (custom) {
                customSchemas
                        .of(row.gvk())
                        .ifPresent(schema -> schemas.set(
                                CustomDocument.name(row.gvk()), schema(CustomDocument.object(row.gvk(), schema))));
            }
            if (row.hasVerb("patch")) {
                patch(paths.putObject(row.objectPath("{namespace}", "{name}")).putObject("patch"), row, custom);
            }
        }
        return root;
    }

    private static void patch(ObjectNode operation, ResourceType row, boolean custom) {
        operation.put("operationId", "patch" + row.version() + row.kind());
        ArrayNode consumes = operation.putArray("consumes");
        consumes.add("application/json-patch+json").add("application/merge-patch+json");
        if (!custom) {
            consumes.add("application/strategic-merge-patch+json");
        }
        consumes.add("application/apply-patch+yaml");
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
            parameters.addObject().put("name", name).put("in", "query").put("type", "string");
        }
        operation.putObject("responses").putObject("200").put("description", "OK");
        operation.put("x-kubernetes-action", "patch");
        operation
                .putObject("x-kubernetes-group-version-kind")
                .put("group", row.group())
                .put("kind", row.kind())
                .put("version", row.version());
    }

    /** Clients of this version show no words of a type in the place of those that a field has not. */
    private static void describe(JsonNode property, ObjectNode schemas) {
        String to = property.path("$ref").asText("");
        if (!to.isEmpty() && !property.has("description") && property instanceof ObjectNode object) {
            JsonNode words = schemas.path(to.substring(V2.length())).path("description");
            if (words.isTextual()) {
                object.set("description", words);
            }
        }
    }

    private static ObjectNode definition(String name, JsonNode v3) {
        ObjectNode schema = schema(v3);
        switch (name) {
            case QUANTITY -> schema.put("type", "string");
            case INT_OR_STRING -> schema.put("type", "string").put("format", "int-or-string");
            default -> {}
        }
        return schema;
    }

    private static ObjectNode schema(JsonNode v3) {
        ObjectNode v2 = Json.object();
        v3.properties().forEach(field -> {
            String key = field.getKey();
            JsonNode value = field.getValue();
            switch (key) {
                case "$ref" -> v2.put("$ref", reference(value));
                case "allOf" -> {
                    if (value.path(0).has("$ref")) {
                        v2.put("$ref", reference(value.path(0).path("$ref")));
                    }
                }
                case "items" -> v2.set("items", schema(value));
                case "additionalProperties" -> v2.set("additionalProperties", value.isObject() ? schema(value) : value);
                case "properties" -> {
                    ObjectNode properties = v2.putObject("properties");
                    value.properties().forEach(one -> properties.set(one.getKey(), schema(one.getValue())));
                }
                default -> {
                    if (KEPT.contains(key) || key.startsWith("x-kubernetes-")) {
                        v2.set(key, value);
                    }
                }
            }
        });
        return v2;
    }

    private static String reference(JsonNode value) {
        return V2 + value.asText().substring(V3.length());
    }
}
