package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object within an object says what it is and has valid metadata ("x-kubernetes-embedded-resource"). Pure functions. */
final class EmbeddedObjects {

    private EmbeddedObjects() {}

    static void check(@Nullable ValueSchema schema, @Nullable JsonNode value, Path path, List<FieldError> errors) {
        if (schema == null || value == null) {
            return;
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size() && errors.size() < ValueCheck.MAX_ERRORS; i++) {
                check(schema.items, value.get(i), path.index(i), errors);
            }
        } else if (value.isObject()) {
            if (schema.embedded) {
                object(value, path, errors);
            }
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                @Nullable ValueSchema declared = schema.properties.get(field.getKey());
                if (declared != null) {
                    check(declared, field.getValue(), path.field(field.getKey()), errors);
                } else {
                    check(schema.additional, field.getValue(), path.key(field.getKey()), errors);
                }
            }
        }
    }

    private static void object(JsonNode object, Path path, List<FieldError> errors) {
        header(object, path, "apiVersion", errors);
        header(object, path, "kind", errors);
        String kind = object.path("kind").asText("");
        if (!kind.isEmpty() && !Names.dns1035(kind.toLowerCase(Locale.ROOT)).isEmpty()) {
            String wrong = String.join(",", Names.dns1035(kind.toLowerCase(Locale.ROOT)));
            errors.add(FieldError.invalid(
                    path.field("kind").name(), kind, "may have mixed case, but should otherwise match: " + wrong));
        }
        String version = object.path("apiVersion").asText("");
        if (version.chars().filter(c -> c == '/').count() > 1) {
            errors.add(FieldError.invalid(
                    path.field("apiVersion").name(), version, "unexpected GroupVersion string: " + version));
        }
        JsonNode metadata = object.path("metadata");
        if (!metadata.isMissingNode() && !metadata.isNull()) {
            metadata(metadata, path.field("metadata"), errors);
        }
    }

    private static void header(JsonNode object, Path path, String field, List<FieldError> errors) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()
                || value.isNull()
                || (value.isTextual() && value.textValue().isEmpty())) {
            errors.add(FieldError.required(path.field(field).name(), "must not be empty"));
        } else if (!value.isTextual()) {
            errors.add(FieldError.invalid(path.field(field).name(), value, "must be a string"));
        }
    }

    private static void metadata(JsonNode metadata, Path path, List<FieldError> errors) {
        if (!metadata.isObject()) {
            errors.add(FieldError.invalid(path.name(), metadata, "must be an object"));
            return;
        }
        text(metadata, "name", path, errors);
        text(metadata, "generateName", path, errors);
        text(metadata, "namespace", path, errors);
        strings(metadata, "labels", path, errors, true);
        strings(metadata, "annotations", path, errors, false);
    }

    private static void text(JsonNode metadata, String field, Path path, List<FieldError> errors) {
        JsonNode value = metadata.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isTextual()) {
            errors.add(FieldError.invalid(path.field(field).name(), value, "must be a string"));
            return;
        }
        for (String wrong : value.textValue().isEmpty() ? List.<String>of() : Names.pathSegment(value.textValue())) {
            errors.add(FieldError.invalid(path.field(field).name(), value, wrong));
        }
    }

    private static void strings(JsonNode metadata, String field, Path path, List<FieldError> errors, boolean labels) {
        Path at = path.field(field);
        for (Map.Entry<String, JsonNode> entry : metadata.path(field).properties()) {
            for (String wrong : Names.labelKey(entry.getKey())) {
                errors.add(FieldError.invalid(at.name(), entry.getKey(), wrong));
            }
            if (!entry.getValue().isTextual()) {
                errors.add(FieldError.invalid(at.key(entry.getKey()).name(), entry.getValue(), "must be a string"));
                continue;
            }
            for (String wrong : labels ? Names.labelValue(entry.getValue().textValue()) : List.<String>of()) {
                errors.add(FieldError.invalid(at.name(), entry.getValue(), wrong));
            }
        }
    }
}
