package io.vertikube.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with one field of an object, in the words Kubernetes uses for it ("field.Error" in its API
 * documentation of Status causes). Immutable.
 *
 * @param field path from the root of the object, such as {@code spec.containers[0].image}
 * @param badValue what stood there, where the sentence shows it
 */
public record FieldError(Kind kind, String field, @Nullable Object badValue, String detail) {

    /** What is wrong; gives the sentence's beginning and the cause's reason. */
    public enum Kind {
        REQUIRED("Required value", "FieldValueRequired", false),
        INVALID("Invalid value", "FieldValueInvalid", true),
        TYPE_INVALID("Invalid value", "FieldValueTypeInvalid", true),
        NOT_SUPPORTED("Unsupported value", "FieldValueNotSupported", true),
        DUPLICATE("Duplicate value", "FieldValueDuplicate", true),
        FORBIDDEN("Forbidden", "FieldValueForbidden", false),
        TOO_LONG("Too long", "FieldValueTooLong", false),
        TOO_MANY("Too many", "FieldValueTooMany", true),
        NOT_FOUND("Not found", "FieldValueNotFound", true),
        INTERNAL("Internal error", "InternalError", false);

        private final String sentence;
        private final String reason;
        private final boolean showsValue;

        Kind(String sentence, String reason, boolean showsValue) {
            this.sentence = sentence;
            this.reason = reason;
            this.showsValue = showsValue;
        }

        /** The {@code reason} of a Status cause. */
        public String reason() {
            return reason;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Kind.REQUIRED, field, null, detail);
    }

    public static FieldError invalid(String field, @Nullable Object value, String detail) {
        return new FieldError(Kind.INVALID, field, value, detail);
    }

    public static FieldError typeInvalid(String field, @Nullable Object value, String detail) {
        return new FieldError(Kind.TYPE_INVALID, field, value, detail);
    }

    /** The value is none of those that the field takes. */
    public static FieldError notSupported(String field, @Nullable Object value, List<String> supported) {
        String detail = supported.isEmpty()
                ? ""
                : "supported values: "
                        + supported.stream().map(FieldError::quote).collect(Collectors.joining(", "));
        return new FieldError(Kind.NOT_SUPPORTED, field, value, detail);
    }

    public static FieldError duplicate(String field, @Nullable Object value) {
        return new FieldError(Kind.DUPLICATE, field, value, "");
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Kind.FORBIDDEN, field, null, detail);
    }

    public static FieldError tooLong(String field, int maxBytes) {
        return new FieldError(Kind.TOO_LONG, field, null, "may not be more than " + maxBytes + " bytes");
    }

    public static FieldError tooMany(String field, int actual, int max) {
        return new FieldError(Kind.TOO_MANY, field, actual, "must have at most " + max + " items");
    }

    public static FieldError notFound(String field, @Nullable Object value) {
        return new FieldError(Kind.NOT_FOUND, field, value, "");
    }

    /** The sentence without the field: {@code Invalid value: -1: must be greater than or equal to 0}. */
    public String body() {
        var text = new StringBuilder(kind.sentence);
        if (kind.showsValue) {
            text.append(": ").append(show(badValue));
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }

    /** The whole sentence: {@code spec.replicas: Invalid value: -1: must be greater than or equal to 0}. */
    public String message() {
        return field + ": " + body();
    }

    private static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case JsonNode node when node.isMissingNode() -> "null";
            case JsonNode node when node.isTextual() -> quote(node.textValue());
            case JsonNode node -> node.toString();
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> quote(value.toString());
        };
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
