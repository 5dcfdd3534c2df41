package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Messages that are one plain value in JSON. Pure functions. */
final class Specials {

    static final String TIME = "k8s.io.apimachinery.pkg.apis.meta.v1.Time";
    static final String MICRO_TIME = "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime";
    static final String FIELDS = "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1";
    static final String QUANTITY = "k8s.io.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "k8s.io.apimachinery.pkg.util.intstr.IntOrString";
    static final String RAW_EXTENSION = "k8s.io.apimachinery.pkg.runtime.RawExtension";

    private static final String EXTENSIONS = "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.";
    static final String JSON = EXTENSIONS + "JSON";
    static final String SCHEMA_OR_BOOL = EXTENSIONS + "JSONSchemaPropsOrBool";
    static final String SCHEMA_OR_ARRAY = EXTENSIONS + "JSONSchemaPropsOrArray";
    static final String SCHEMA_OR_STRINGS = EXTENSIONS + "JSONSchemaPropsOrStringArray";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Specials() {}

    /** Null for a time that was never set. */
    static @Nullable JsonNode time(Message message) {
        FieldDescriptor seconds = field(message, 1);
        if (!message.hasField(seconds)) {
            return null;
        }
        try {
            Instant instant = Instant.ofEpochSecond(
                    (Long) message.getField(seconds), (Integer) message.getField(field(message, 2)));
            boolean micros = message.getDescriptorForType().getFullName().equals(MICRO_TIME);
            return NODES.textNode(
                    micros
                            ? MICROS.format(instant)
                            : Instant.ofEpochSecond(instant.getEpochSecond()).toString());
        } catch (DateTimeException e) {
            throw ApiErrors.badRequest("a time in the body is out of range: " + e.getMessage());
        }
    }

    static JsonNode quantity(Message message) {
        String text = (String) message.getField(field(message, 1));
        return NODES.textNode(text.isEmpty() ? "0" : text);
    }

    static JsonNode intOrString(Message message) {
        boolean number = (Long) message.getField(field(message, 1)) == 0;
        return number
                ? NODES.numberNode((Integer) message.getField(field(message, 2)))
                : NODES.textNode((String) message.getField(field(message, 3)));
    }

    /** JSON inside protobuf; null where it is empty. */
    static @Nullable JsonNode json(Message message) {
        ByteString raw = (ByteString) message.getField(field(message, 1));
        if (raw.isEmpty()) {
            return null;
        }
        try {
            return Json.tree(raw.toByteArray());
        } catch (UncheckedIOException e) {
            throw ApiErrors.badRequest("the body holds something in place of JSON in a field of type "
                    + message.getDescriptorForType().getName());
        }
    }

    private static FieldDescriptor field(Message message, int number) {
        return message.getDescriptorForType().findFieldByNumber(number);
    }
}
