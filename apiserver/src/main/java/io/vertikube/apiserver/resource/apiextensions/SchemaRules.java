package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;
import io.vertikube.apiserver.format.Patterns;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;
import java.util.Map;

/**
 * Which parts of OpenAPI v3 a definition's schema may use, and what the {@code x-kubernetes-} extensions ask for
 * ("JSONSchemaProps" in the API reference; "Specifying a structural schema" in the documentation). Pure.
 */
final class SchemaRules {

    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> UNSUPPORTED = List.of("$ref", "definitions", "dependencies", "id");
    private static final int DEEPEST = 200;

    private SchemaRules() {}

    static void check(Place schema, Problems problems) {
        node(schema, 0, problems);
    }

    private static void node(Place schema, int depth, Problems problems) {
        if (depth > DEEPEST) {
            problems.forbidden(schema, "schemas nest at most " + DEEPEST + " levels");
            return;
        }
        type(schema, problems);
        for (String field : UNSUPPORTED) {
            if (!schema.get(field).empty()) {
                problems.forbidden(schema.get(field), field + " is not supported");
            }
        }
        for (String field : List.of("additionalItems", "patternProperties")) {
            if (schema.has(field) && !schema.get(field).empty()) {
                problems.forbidden(schema.get(field), field + " is not supported");
            }
        }
        if (schema.is("uniqueItems")) {
            problems.forbidden(
                    schema.get("uniqueItems"),
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        Place more = schema.get("additionalProperties");
        if (more.node().isBoolean() && !more.node().asBoolean()) {
            problems.forbidden(more, "additionalProperties cannot be set to false");
        }
        if (more.present() && !schema.get("properties").empty() && !isFalse(more.node())) {
            problems.forbidden(more, "additionalProperties and properties are mutual exclusive");
        }
        pattern(schema.get("pattern"), problems);
        extensions(schema, problems);
        ListRules.check(schema, problems);
        children(schema, depth, problems);
    }

    private static void type(Place schema, Problems problems) {
        Place type = schema.get("type");
        if (type.text().equals("null")) {
            problems.forbidden(type, "type cannot be set to null, use nullable as an alternative");
        } else {
            problems.supportedIfAny(type, TYPES);
        }
        if (type.text().equals("array") && !schema.has("items")) {
            problems.required(schema.get("items"), "must be specified");
        }
        if (schema.get("items").node().isArray()) {
            problems.forbidden(schema.get("items"), "items must be a schema object and not an array");
        }
    }

    private static void pattern(Place pattern, Problems problems) {
        if (pattern.empty()) {
            return;
        }
        try {
            Patterns.compile(pattern.text());
        } catch (PatternSyntaxException e) {
            problems.invalid(pattern, "must be a valid regular expression, but isn't: " + e.getMessage());
        }
    }

    private static void extensions(Place schema, Problems problems) {
        Place preserve = schema.get("x-kubernetes-preserve-unknown-fields");
        if (preserve.present() && !preserve.node().asBoolean()) {
            problems.invalid(preserve, "must be true or undefined");
        }
        Place mapType = schema.get("x-kubernetes-map-type");
        if (mapType.present()) {
            problems.supported(mapType, List.of("atomic", "granular"));
            ListRules.typeIs(schema, "object", "x-kubernetes-map-type", problems);
        }
        boolean preserves = preserve.node().asBoolean();
        if (schema.is("x-kubernetes-embedded-resource")) {
            if (schema.get("type").empty()) {
                problems.required(schema.get("type"), "must be object if x-kubernetes-embedded-resource is true");
            } else if (!schema.text("type").equals("object")) {
                problems.invalid(schema.get("type"), "must be object if x-kubernetes-embedded-resource is true");
            }
            if (!preserves && schema.get("properties").empty()) {
                problems.required(
                        schema.get("properties"),
                        "must not be empty if x-kubernetes-embedded-resource is true without"
                                + " x-kubernetes-preserve-unknown-fields");
            }
        }
        if (schema.is("x-kubernetes-int-or-string")) {
            if (!schema.get("type").empty()) {
                problems.invalid(schema.get("type"), "must be empty if x-kubernetes-int-or-string is true");
            }
            if (preserve.present()) {
                problems.forbidden(preserve, "must be false if x-kubernetes-int-or-string is true");
            }
            if (schema.is("x-kubernetes-embedded-resource")) {
                problems.forbidden(
                        schema.get("x-kubernetes-embedded-resource"),
                        "must be false if x-kubernetes-int-or-string is true");
            }
        }
        Place enumeration = schema.get("enum");
        if (enumeration.present() && enumeration.empty()) {
            problems.add(FieldError.required(enumeration.path(), "must not be empty if set"));
        }
    }

    private static void children(Place schema, int depth, Problems problems) {
        properties(schema).values().forEach(property -> node(property, depth + 1, problems));
        for (String child : List.of("items", "additionalProperties", "not")) {
            if (schema.get(child).node().isObject()) {
                node(schema.get(child), depth + 1, problems);
            }
        }
        for (String junctor : JUNCTORS) {
            schema.items(junctor).forEach(one -> node(one, depth + 1, problems));
        }
    }

    /** The declared fields with their places. */
    static Map<String, Place> properties(Place schema) {
        return schema.get("properties").entries();
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.asBoolean();
    }
}
