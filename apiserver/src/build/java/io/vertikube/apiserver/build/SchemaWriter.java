package io.vertikube.apiserver.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes OpenAPI v3 schemas of the model's types and the facts. Confined to the build. */
final class SchemaWriter {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Marks, in what the server works with, a field whose zero value is not the same as absence. */
    static final String EXPLICIT = "x-explicit";

    /** Fields that hold any object at all, whose fields nobody knows. */
    private static final Set<String> OPAQUE_OBJECTS = Set.of(
            "ManagedFieldsEntry#fieldsV1",
            "ControllerRevision#data",
            "WatchEvent#object",
            "OpaqueDeviceConfiguration#parameters",
            "AllocatedDeviceStatus#data",
            "CustomResourceSubresources#status");

    private final ModelTypes types;
    private final Facts facts;

    SchemaWriter(ModelTypes types, Facts facts) {
        this.types = types;
        this.facts = facts;
    }

    /** A named type, with descriptions. */
    ObjectNode definition(String name) {
        ObjectNode schema = JSON.createObjectNode();
        if (!types.description(name).isEmpty()) {
            schema.put("description", types.description(name));
        }
        schema.put("type", "object");
        var required = new TreeSet<String>();
        ObjectNode properties = JSON.createObjectNode();
        for (ModelTypes.Property property : types.properties(name)) {
            properties.set(property.name(), property(name, property));
            if (property.required()) {
                required.add(property.name());
            }
        }
        if (!required.isEmpty()) {
            ArrayNode list = schema.putArray("required");
            required.forEach(list::add);
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        Map<String, String> ofType = facts.of(name, "-");
        if (ofType.containsKey("map")) {
            schema.put("x-kubernetes-map-type", ofType.get("map"));
        }
        if (ofType.containsKey("union")) {
            schema.putArray("x-kubernetes-unions").add(json(ofType.get("union")));
        }
        return schema;
    }

    private ObjectNode property(String definition, ModelTypes.Property property) {
        Map<String, String> known = facts.of(definition, property.name());
        String place = definition.substring(definition.lastIndexOf('.') + 1) + "#" + property.name();
        ObjectNode schema = OPAQUE_OBJECTS.contains(place) ? opaque() : type(property.type(), known);
        if (schema.has("$ref")) {
            // OpenAPI 3.0 ignores what stands beside a reference, hence the list of one.
            String reference = schema.remove("$ref").asText();
            schema.putArray("allOf").addObject().put("$ref", reference);
        }
        var whole = JSON.createObjectNode();
        // The model leaves out what it says of a field that refers to a type; clients show the type's own words then.
        if (!property.description().isEmpty()) {
            whole.put("description", property.description());
        }
        whole.setAll(schema);
        annotate(whole, known);
        return whole;
    }

    private static ObjectNode opaque() {
        return JSON.createObjectNode().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    }

    private ObjectNode type(Type type, Map<String, String> known) {
        ObjectNode schema = JSON.createObjectNode();
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                schema.put("type", "array");
                schema.set("items", type(arguments[0], Map.of()));
            } else {
                schema.put("type", "object");
                schema.set("additionalProperties", type(arguments[1], Map.of()));
            }
            return schema;
        }
        Class<?> plain = (Class<?>) type;
        if (types.isModel(plain)) {
            return reference(schema, types.nameOf(plain));
        }
        return switch (plain.getSimpleName()) {
            case "String" -> schema.put("type", "string");
            case "Boolean" -> schema.put("type", "boolean");
            case "Integer" -> schema.put("type", "integer").put("format", "int32");
            case "Long" -> schema.put("type", "integer").put("format", "int64");
            case "Double" -> schema.put("type", "number").put("format", "double");
            case "byte[]" -> schema.put("type", "string").put("format", "byte");
            case "Quantity" -> reference(schema, TypeNames.QUANTITY);
            case "IntOrString" -> reference(schema, TypeNames.INT_OR_STRING);
            case "OffsetDateTime" ->
                reference(schema, TypeNames.META + ("micro-time".equals(known.get("format")) ? "MicroTime" : "Time"));
            case "Object" -> schema.put("x-kubernetes-preserve-unknown-fields", true);
            default -> throw new IllegalArgumentException("no schema for " + type);
        };
    }

    private static ObjectNode reference(ObjectNode schema, String name) {
        return schema.put("$ref", "#/components/schemas/" + name);
    }

    private static void annotate(ObjectNode schema, Map<String, String> known) {
        known.forEach((fact, value) -> {
            switch (fact) {
                case "default" -> schema.set("default", json(value));
                case "enum" -> {
                    ArrayNode list = schema.putArray("enum");
                    for (String one : value.split(",", -1)) {
                        list.add(one);
                    }
                }
                case "list" -> schema.put("x-kubernetes-list-type", value);
                case "keys" -> {
                    ArrayNode list = schema.putArray("x-kubernetes-list-map-keys");
                    for (String key : value.split(",")) {
                        list.add(key);
                    }
                }
                case "map" -> schema.put("x-kubernetes-map-type", value);
                case "patch" -> schema.put("x-kubernetes-patch-strategy", value);
                case "mergeKey" -> schema.put("x-kubernetes-patch-merge-key", value);
                case "presence" -> schema.put(EXPLICIT, true);
                case "format" -> {
                    if (!value.equals("micro-time")) {
                        throw new IllegalArgumentException("format " + value + " follows from the model's type");
                    }
                }
                default -> throw new IllegalArgumentException("no such fact: " + fact);
            }
        });
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + text, e);
        }
    }
}
