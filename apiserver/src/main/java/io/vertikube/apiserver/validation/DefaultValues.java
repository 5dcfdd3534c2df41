package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.List;
import java.util.Map;

/** A default has to be a value that its own schema takes ("Defaulting" in the documentation). Pure functions. */
final class DefaultValues {

    private DefaultValues() {}

    static void check(JsonNode schema, Path path, List<FieldError> errors) {
        if (schema.has("default")) {
            Path at = path.field("default");
            ValueSchema values = ValueSchema.of(schema);
            JsonNode value = schema.get("default");
            for (FieldError error : ValueCheck.errors(values, value, null, Path.ROOT)) {
                errors.add(new FieldError(error.kind(), below(at, error.field()), error.badValue(), error.detail()));
            }
            ListTypes.check(values, value, at, errors);
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            check(property.getValue(), path.field("properties").key(property.getKey()), errors);
        }
        if (schema.path("items").isObject()) {
            check(schema.path("items"), path.field("items"), errors);
        }
        if (schema.path("additionalProperties").isObject()) {
            check(schema.path("additionalProperties"), path.field("additionalProperties"), errors);
        }
    }

    private static String below(Path path, String field) {
        if (field.equals("<nil>")) {
            return path.toString();
        }
        return path + (field.startsWith("[") ? "" : ".") + field;
    }
}
