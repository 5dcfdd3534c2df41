package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.vertikube.apiserver.format.Patterns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a schema sets ("Schema Object" in the OpenAPI 3.0 specification, with Kubernetes' extensions), read
 * once. Patterns are those of RE2, whose time is bounded by the length of the text. Immutable.
 */
final class ValueSchema {

    final String type;
    final String format;
    final boolean nullable;
    final boolean intOrString;
    final boolean preserves;
    final boolean embedded;
    final Numbers numbers;
    final Sizes sizes;
    final @Nullable Pattern pattern;
    final String patternText;
    final List<JsonNode> enumeration;
    final List<String> required;
    final Map<String, ValueSchema> properties;
    final @Nullable ValueSchema additional;
    final boolean additionalForbidden;
    final @Nullable ValueSchema items;
    final List<ValueSchema> allOf;
    final List<ValueSchema> anyOf;
    final List<ValueSchema> oneOf;
    final @Nullable ValueSchema not;
    final String listType;
    final List<String> listKeys;

    /** Bounds of numbers; those that are absent bound nothing. */
    record Numbers(
            @Nullable JsonNode minimum,
            boolean aboveMinimum,
            @Nullable JsonNode maximum,
            boolean belowMaximum,
            @Nullable JsonNode multipleOf) {}

    /** Bounds of texts (in code points), lists and maps; -1 bounds nothing. */
    record Sizes(
            long minLength,
            long maxLength,
            long minItems,
            long maxItems,
            boolean uniqueItems,
            long minProperties,
            long maxProperties) {}

    private ValueSchema(JsonNode node) {
        this.type = node.path("type").asText("");
        this.format = node.path("format").asText("");
        this.nullable = node.path("nullable").asBoolean();
        this.intOrString = node.path("x-kubernetes-int-or-string").asBoolean();
        this.preserves = node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
        this.embedded = node.path("x-kubernetes-embedded-resource").asBoolean();
        this.numbers = new Numbers(
                number(node, "minimum"),
                node.path("exclusiveMinimum").asBoolean(),
                number(node, "maximum"),
                node.path("exclusiveMaximum").asBoolean(),
                number(node, "multipleOf"));
        this.sizes = new Sizes(
                node.path("minLength").asLong(-1),
                node.path("maxLength").asLong(-1),
                node.path("minItems").asLong(-1),
                node.path("maxItems").asLong(-1),
                node.path("uniqueItems").asBoolean(),
                node.path("minProperties").asLong(-1),
                node.path("maxProperties").asLong(-1));
        this.patternText = node.path("pattern").asText("");
        this.pattern = compiled(patternText);
        this.enumeration = nodes(node.path("enum"));
        this.required =
                nodes(node.path("required")).stream().map(JsonNode::asText).toList();
        this.properties = properties(node.path("properties"));
        this.additional = child(node.path("additionalProperties"));
        this.additionalForbidden = node.path("additionalProperties").isBoolean()
                && !node.path("additionalProperties").asBoolean();
        this.items = child(node.path("items"));
        this.allOf = schemas(node.path("allOf"));
        this.anyOf = schemas(node.path("anyOf"));
        this.oneOf = schemas(node.path("oneOf"));
        this.not = child(node.path("not"));
        this.listType = node.path("x-kubernetes-list-type").asText("");
        this.listKeys = nodes(node.path("x-kubernetes-list-map-keys")).stream()
                .map(JsonNode::asText)
                .toList();
    }

    static ValueSchema of(JsonNode schema) {
        return new ValueSchema(schema);
    }

    private static @Nullable JsonNode number(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field) : null;
    }

    /** A pattern that RE2 does not know is refused with the definition; to an old one that got through no text fits. */
    private static @Nullable Pattern compiled(String pattern) {
        try {
            return pattern.isEmpty() ? null : Patterns.compile(pattern);
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private static @Nullable ValueSchema child(JsonNode schema) {
        return schema.isObject() ? new ValueSchema(schema) : null;
    }

    private static List<ValueSchema> schemas(JsonNode array) {
        return nodes(array).stream().map(ValueSchema::new).toList();
    }

    private static Map<String, ValueSchema> properties(JsonNode properties) {
        Map<String, ValueSchema> schemas = new LinkedHashMap<>();
        properties.properties().forEach(e -> schemas.put(e.getKey(), new ValueSchema(e.getValue())));
        return schemas;
    }

    private static List<JsonNode> nodes(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>(array.size());
        if (array.isArray()) {
            array.forEach(nodes::add);
        }
        return nodes;
    }
}
