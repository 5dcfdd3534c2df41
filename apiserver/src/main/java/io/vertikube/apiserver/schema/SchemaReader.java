package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.schema.Schema.ListType;
import io.vertikube.apiserver.schema.Schema.MapType;
import io.vertikube.apiserver.schema.Schema.Shape;
import io.vertikube.apiserver.schema.Schema.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads schemas from JSON: OpenAPI v3 with Kubernetes' {@code x-kubernetes-*} extensions, which is the form of the
 * built-in definitions and of a CustomResourceDefinition's {@code openAPIV3Schema}. Safe for any thread.
 */
public final class SchemaReader {

    private static final String REFERENCE = "#/components/schemas/";

    private final Function<String, Shape> definitions;

    /** Reads schemas that refer to no named type. */
    public SchemaReader() {
        this(name -> {
            throw new IllegalArgumentException("a schema of its own refers to " + name);
        });
    }

    /** @param definitions gives the shape of a named type; asked late, and once for each place of use */
    SchemaReader(Function<String, Shape> definitions) {
        this.definitions = definitions;
    }

    /** A schema that stands for itself. */
    public Schema read(JsonNode json) {
        return schema(json);
    }

    /** A named type. */
    Shape shape(String name, JsonNode json) {
        boolean intOrString = json.path("x-kubernetes-int-or-string").asBoolean();
        Schema.Type type = type(json, intOrString);
        boolean preserve = json.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        JsonNode values = json.get("additionalProperties");
        boolean anyValues = values != null && values.isBoolean() && values.booleanValue();
        return new Shape(
                name,
                type,
                json.path("format").asText(""),
                properties(json.get("properties")),
                json.has("items") ? schema(json.get("items")) : null,
                values != null && values.isObject() ? schema(values) : null,
                Set.copyOf(texts(json.get("required"))),
                mapType(json),
                intOrString,
                preserve || anyValues || type == Schema.Type.ANY,
                json.path("x-kubernetes-embedded-resource").asBoolean(),
                values(json.get("enum")),
                bounds(json));
    }

    private Schema schema(JsonNode json) {
        String reference = reference(json);
        Supplier<Shape> shape;
        if (reference == null) {
            Shape own = shape("", json);
            shape = () -> own;
        } else {
            shape = () -> definitions.apply(reference);
        }
        return new Schema(shape, usage(json, reference != null));
    }

    private static @Nullable String reference(JsonNode json) {
        JsonNode reference = json.path("$ref");
        if (reference.isMissingNode() && json.path("allOf").size() == 1) {
            reference = json.path("allOf").path(0).path("$ref");
        }
        return reference.isTextual() ? reference.textValue().substring(REFERENCE.length()) : null;
    }

    private static Usage usage(JsonNode json, boolean referring) {
        JsonNode value = json.get("default");
        return new Usage(
                value == null || value.isNull() ? null : value,
                json.path("nullable").asBoolean(),
                json.path("x-explicit").asBoolean(),
                listType(json),
                texts(json.get("x-kubernetes-list-map-keys")),
                referring ? mapType(json) : null,
                strategies(json.path("x-kubernetes-patch-strategy").asText("")),
                json.path("x-kubernetes-patch-merge-key").asText(""));
    }

    private Map<String, Schema> properties(@Nullable JsonNode json) {
        if (json == null || json.isEmpty()) {
            return Map.of();
        }
        var properties = new LinkedHashMap<String, Schema>();
        json.properties().forEach(field -> properties.put(field.getKey(), schema(field.getValue())));
        return Collections.unmodifiableMap(properties);
    }

    private static Schema.Type type(JsonNode json, boolean intOrString) {
        return switch (json.path("type").asText("")) {
            case "object" -> Schema.Type.OBJECT;
            case "array" -> Schema.Type.ARRAY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            default -> json.has("properties") && !intOrString ? Schema.Type.OBJECT : Schema.Type.ANY;
        };
    }

    private static @Nullable ListType listType(JsonNode json) {
        return switch (json.path("x-kubernetes-list-type").asText("")) {
            case "map" -> ListType.MAP;
            case "set" -> ListType.SET;
            case "atomic" -> ListType.ATOMIC;
            default -> null;
        };
    }

    private static @Nullable MapType mapType(JsonNode json) {
        return switch (json.path("x-kubernetes-map-type").asText("")) {
            case "atomic" -> MapType.ATOMIC;
            case "granular" -> MapType.GRANULAR;
            default -> null;
        };
    }

    private static Set<String> strategies(String text) {
        return text.isEmpty() ? Set.of() : Collections.unmodifiableSet(new HashSet<>(List.of(text.split(","))));
    }

    private static List<String> texts(@Nullable JsonNode json) {
        if (json == null) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        json.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }

    private static List<JsonNode> values(@Nullable JsonNode json) {
        if (json == null) {
            return List.of();
        }
        var values = new ArrayList<JsonNode>();
        json.forEach(values::add);
        return List.copyOf(values);
    }

    private static Bounds bounds(JsonNode json) {
        var bounds = new Bounds(
                decimal(json, "minimum"),
                json.path("exclusiveMinimum").asBoolean(),
                decimal(json, "maximum"),
                json.path("exclusiveMaximum").asBoolean(),
                decimal(json, "multipleOf"),
                count(json, "minLength"),
                count(json, "maxLength"),
                json.has("pattern") ? json.get("pattern").asText() : null,
                count(json, "minItems"),
                count(json, "maxItems"),
                json.path("uniqueItems").asBoolean(),
                count(json, "minProperties"),
                count(json, "maxProperties"));
        return bounds.equals(Bounds.NONE) ? Bounds.NONE : bounds;
    }

    private static @Nullable BigDecimal decimal(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null ? null : value.decimalValue();
    }

    private static @Nullable Long count(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null ? null : value.longValue();
    }
}
