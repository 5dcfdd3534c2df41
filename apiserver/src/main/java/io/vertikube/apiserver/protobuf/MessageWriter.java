package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * JSON trees to the bytes of messages, along the schema, from the last field to the first. The tree must be one that
 * decoding made: types are not checked again. Safe for any thread.
 */
final class MessageWriter {

    private final FieldPlans plans;
    private final Schema schemaOfSchemas;

    MessageWriter(FieldPlans plans, Schema schemaOfSchemas) {
        this.plans = plans;
        this.schemaOfSchemas = schemaOfSchemas;
    }

    /** Puts the object's fields in front of what is in the buffer. */
    void write(JsonNode object, Schema schema, Descriptor message, BackwardBuffer out) {
        for (FieldPlan.Step step : plans.of(message, schema).backwards()) {
            switch (step) {
                case FieldPlan.Named one -> {
                    JsonNode value = object.get(one.name());
                    if (value != null && !value.isNull()) {
                        field(value, one.schema(), one.field(), out);
                    }
                }
                case FieldPlan.Spread spread -> {
                    int before = out.length();
                    write(object, schema, spread.field().getMessageType(), out);
                    if (out.length() > before) {
                        out.close(spread.field().getNumber(), before);
                    }
                }
            }
        }
    }

    private void field(JsonNode value, Schema schema, FieldDescriptor field, BackwardBuffer out) {
        if (field.isMapField()) {
            FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
            FieldDescriptor content = field.getMessageType().findFieldByNumber(2);
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                int before = out.length();
                if (!entry.getValue().isNull()) {
                    schema.child(entry.getKey()).ifPresent(child -> one(entry.getValue(), child, content, out));
                }
                out.text(key.getNumber(), entry.getKey());
                out.close(field.getNumber(), before);
            }
        } else if (field.isRepeated()) {
            Schema items = schema.items().orElse(schema);
            for (int i = value.size() - 1; i >= 0; i--) {
                one(value.get(i), items, field, out);
            }
        } else {
            one(value, schema, field, out);
        }
    }

    /** One value with its tag. */
    private void one(JsonNode value, Schema schema, FieldDescriptor field, BackwardBuffer out) {
        switch (field.getType()) {
            case STRING -> out.text(field.getNumber(), value.asText(""));
            case BOOL -> number(value.asBoolean() ? 1 : 0, field, out);
            case INT32 -> number(value.asInt(), field, out);
            case INT64, UINT32, UINT64 -> number(value.asLong(), field, out);
            case DOUBLE -> {
                out.fixed(Double.doubleToRawLongBits(value.asDouble()), 8);
                out.tag(field.getNumber(), BackwardBuffer.FIXED64);
            }
            case FLOAT -> {
                out.fixed(Float.floatToRawIntBits((float) value.asDouble()), 4);
                out.tag(field.getNumber(), BackwardBuffer.FIXED32);
            }
            case BYTES -> {
                int before = out.length();
                out.bytes(Base64.getDecoder().decode(value.asText("")));
                out.close(field.getNumber(), before);
            }
            case MESSAGE -> {
                int before = out.length();
                if (!value.isNull()) {
                    message(value, schema, field.getMessageType(), out);
                }
                out.close(field.getNumber(), before);
            }
            default -> throw new IllegalStateException("the API has no such type on the wire: " + field);
        }
    }

    private static void number(long value, FieldDescriptor field, BackwardBuffer out) {
        out.varint(value);
        out.tag(field.getNumber(), BackwardBuffer.VARINT);
    }

    private void message(JsonNode value, Schema schema, Descriptor type, BackwardBuffer out) {
        switch (type.getFullName()) {
            case Specials.TIME, Specials.MICRO_TIME -> time(Instant.parse(value.asText()), out);
            case Specials.QUANTITY -> out.text(1, value.asText());
            case Specials.INT_OR_STRING -> intOrString(value, out);
            case Specials.RAW_EXTENSION, Specials.FIELDS, Specials.JSON -> {
                int before = out.length();
                out.bytes(Json.bytes(value));
                out.close(1, before);
            }
            case Specials.SCHEMA_OR_BOOL, Specials.SCHEMA_OR_ARRAY, Specials.SCHEMA_OR_STRINGS ->
                schemaOr(value, type, out);
            default -> {
                if (value.isArray()) {
                    // A list that has a message of its own.
                    field(value, schema, type.getFields().getFirst(), out);
                } else {
                    write(value, schema, type, out);
                }
            }
        }
    }

    private static void time(Instant instant, BackwardBuffer out) {
        long seconds = instant.getEpochSecond();
        int nanos = instant.getNano();
        if (nanos != 0) {
            out.varint(nanos);
            out.tag(2, BackwardBuffer.VARINT);
        }
        out.varint(seconds);
        out.tag(1, BackwardBuffer.VARINT);
    }

    private static void intOrString(JsonNode value, BackwardBuffer out) {
        if (value.isTextual()) {
            out.text(3, value.textValue());
        } else {
            out.varint(value.asInt());
            out.tag(2, BackwardBuffer.VARINT);
        }
        out.varint(value.isTextual() ? 1 : 0);
        out.tag(1, BackwardBuffer.VARINT);
    }

    private void schemaOr(JsonNode value, Descriptor type, BackwardBuffer out) {
        FieldDescriptor one = type.findFieldByName("schema");
        FieldDescriptor allows = type.findFieldByName("allows");
        if (value instanceof ObjectNode) {
            one(value, schemaOfSchemas, one, out);
            if (allows != null) {
                number(1, allows, out);
            }
        } else if (allows != null) {
            number(value.asBoolean() ? 1 : 0, allows, out);
        } else {
            FieldDescriptor several = type.findFieldByNumber(2);
            for (int i = value.size() - 1; i >= 0; i--) {
                one(value.get(i), schemaOfSchemas, several, out);
            }
        }
    }
}
