package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;

/** The words that decoding errors use for values. Pure functions. */
final class Words {

    private Words() {}

    /** What a value is: {@code string}, {@code array}, {@code object}, {@code number}, {@code bool} or {@code null}. */
    static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NUMBER -> value.isIntegralNumber() ? "number " + value.asText() : "number " + value;
            case BOOLEAN -> "bool";
            case NULL, MISSING -> "null";
        };
    }

    /** What a value is that is not what the schema asks for; a number only shows where another number was wanted. */
    static String given(Schema schema, JsonNode value) {
        boolean shown = schema.type() == Schema.Type.INTEGER || schema.type() == Schema.Type.NUMBER;
        return value.isNumber() && !shown ? "number" : kindOf(value);
    }

    /** What a schema asks for: {@code int64}, {@code []string}, {@code map[string]string}, {@code v1.PodSpec}. */
    static String wanted(Schema schema) {
        if (schema.intOrString()) {
            return "integer or string";
        }
        return switch (schema.type()) {
            case OBJECT ->
                schema.definition().isEmpty()
                        ? schema.additionalProperties()
                                .map(values -> "map[string]" + wanted(values))
                                .orElse("object")
                        : packaged(schema.definition());
            case ARRAY -> "[]" + schema.items().map(Words::wanted).orElse("any");
            case STRING -> schema.format().equals("byte") ? "[]byte" : "string";
            case INTEGER -> schema.format().isEmpty() ? "int64" : schema.format();
            case NUMBER -> "float64";
            case BOOLEAN -> "bool";
            case ANY -> "any";
        };
    }

    /** {@code v1.PodSpec} of {@code io.k8s.api.core.v1.PodSpec}. */
    private static String packaged(String definition) {
        int dot = definition.lastIndexOf('.', definition.lastIndexOf('.') - 1);
        return definition.substring(dot + 1);
    }

    static String simpleName(String definition) {
        return definition.substring(definition.lastIndexOf('.') + 1);
    }
}
