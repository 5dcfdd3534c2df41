package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An OpenAPI v2 document in protobuf, the only form that kubectl asks it in. Field numbers are those of the message
 * {@code openapi.v2.Document} (OpenAPIv2.proto of the gnostic project). Pure functions.
 */
final class SwaggerProto {

    private SwaggerProto() {}

    static byte[] encode(JsonNode document) {
        var out = new Wire();
        out.text(1, document.path("swagger").asText());
        out.message(2, info -> {
            info.text(1, document.path("info").path("title").asText());
            info.text(2, document.path("info").path("version").asText());
        });
        out.message(
                8,
                paths -> document.path("paths")
                        .properties()
                        .forEach(path -> paths.message(2, named -> {
                            named.text(1, path.getKey());
                            named.message(
                                    2,
                                    item -> item.message(
                                            8,
                                            operation -> operation(
                                                    operation, path.getValue().path("patch"))));
                        })));
        out.message(9, definitions -> schemas(definitions, document.path("definitions")));
        return out.bytes();
    }

    private static void operation(Wire out, JsonNode operation) {
        out.text(5, operation.path("operationId").asText());
        operation.path("consumes").forEach(type -> out.text(7, type.asText()));
        for (JsonNode parameter : operation.path("parameters")) {
            // ParametersItem.parameter . non_body_parameter . query_parameter_sub_schema
            out.message(
                    8,
                    item -> item.message(
                            1,
                            one -> one.message(
                                    2,
                                    plain -> plain.message(3, query -> {
                                        query.text(2, "query");
                                        query.text(4, parameter.path("name").asText());
                                        query.text(6, parameter.path("type").asText());
                                    }))));
        }
        out.message(
                9,
                responses -> responses.message(1, code -> {
                    code.text(1, "200");
                    code.message(2, value -> value.message(1, response -> response.text(1, "OK")));
                }));
        extensions(out, 13, operation);
    }

    private static void schemas(Wire out, JsonNode byName) {
        byName.properties()
                .forEach(entry -> out.message(1, named -> {
                    named.text(1, entry.getKey());
                    named.message(2, schema -> schema(schema, entry.getValue()));
                }));
    }

    private static void schema(Wire out, JsonNode schema) {
        schema.properties().forEach(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "$ref" -> out.text(1, value.asText());
                case "format" -> out.text(2, value.asText());
                case "title" -> out.text(3, value.asText());
                case "description" -> out.text(4, value.asText());
                case "default" -> any(out, 5, value);
                case "maximum" -> out.decimal(7, value.asDouble());
                case "minimum" -> out.decimal(9, value.asDouble());
                case "pattern" -> out.text(13, value.asText());
                case "required" -> value.forEach(name -> out.text(19, name.asText()));
                case "enum" -> value.forEach(one -> any(out, 20, one));
                case "additionalProperties" ->
                    out.message(21, item -> {
                        if (value.isObject()) {
                            item.message(1, inner -> schema(inner, value));
                        } else {
                            item.truth(2, value.asBoolean());
                        }
                    });
                case "type" -> out.message(22, item -> item.text(1, value.asText()));
                case "items" -> out.message(23, item -> item.message(1, inner -> schema(inner, value)));
                case "properties" -> out.message(25, properties -> schemas(properties, value));
                default -> {}
            }
        });
        extensions(out, 31, schema);
    }

    private static void extensions(Wire out, int number, JsonNode object) {
        object.properties().forEach(field -> {
            if (field.getKey().startsWith("x-")) {
                out.message(number, named -> {
                    named.text(1, field.getKey());
                    any(named, 2, field.getValue());
                });
            }
        });
    }

    /** A free value travels as YAML, of which JSON is a part. */
    private static void any(Wire out, int number, JsonNode value) {
        out.message(number, any -> any.text(2, value.toString()));
    }
}
