package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.vertikube.apiserver.schema.Schema;
import java.util.Base64;

/**
 * JSON trees to messages, along the schema. The tree must be one that decoding made: types are not checked again. Safe
 * for any thread.
 */
final class MessageWriter {

    private final FieldPlans plans;
    private final Schema schemaOfSchemas;

    MessageWriter(FieldPlans plans, Schema schemaOfSchemas) {
        this.plans = plans;
        this.schemaOfSchemas = schemaOfSchemas;
    }

    /** Puts the object's fields into the message. */
    void write(JsonNode object, Schema schema, Message.Builder into) {
        FieldPlan plan = plans.of(into.getDescriptorForType(), schema);
        for (FieldPlan.Named one : plan.named()) {
            JsonNode value = object.get(one.name());
            if (value != null && !value.isNull()) {
                field(value, one.schema(), one.field(), into);
            }
        }
        for (FieldDescriptor field : plan.spread()) {
            Message.Builder inner = into.newBuilderForField(field);
            write(object, schema, inner);
            if (!inner.getAllFields().isEmpty()) {
                into.setField(field, inner.build());
            }
        }
    }

    private void field(JsonNode value, Schema schema, FieldDescriptor field, Message.Builder into) {
        if (field.isMapField()) {
            value.properties().forEach(entry -> {
                Message.Builder pair = into.newBuilderForField(field);
                FieldDescriptor content = pair.getDescriptorForType().findFieldByNumber(2);
                Specials.set(pair, 1, entry.getKey());
                schema.child(entry.getKey())
                        .ifPresent(child -> pair.setField(content, value(entry.getValue(), child, content, pair)));
                into.addRepeatedField(field, pair.build());
            });
        } else if (field.isRepeated()) {
            Schema items = schema.items().orElse(schema);
            for (JsonNode item : value) {
                into.addRepeatedField(field, value(item, items, field, into));
            }
        } else {
            into.setField(field, value(value, schema, field, into));
        }
    }

    private Object value(JsonNode value, Schema schema, FieldDescriptor field, Message.Builder holder) {
        return switch (field.getJavaType()) {
            case STRING -> value.asText();
            case BOOLEAN -> value.asBoolean();
            case INT -> value.asInt();
            case LONG -> value.asLong();
            case DOUBLE -> value.asDouble();
            case FLOAT -> (float) value.asDouble();
            case BYTE_STRING -> ByteString.copyFrom(Base64.getDecoder().decode(value.asText()));
            case ENUM -> throw new IllegalStateException("the API has no enum on the wire: " + field);
            case MESSAGE -> message(value, schema, holder.newBuilderForField(field));
        };
    }

    private Message message(JsonNode value, Schema schema, Message.Builder into) {
        switch (into.getDescriptorForType().getFullName()) {
            case Specials.TIME, Specials.MICRO_TIME -> Specials.writeTime(value, into);
            case Specials.QUANTITY -> Specials.set(into, 1, value.asText());
            case Specials.INT_OR_STRING -> Specials.writeIntOrString(value, into);
            case Specials.RAW_EXTENSION, Specials.FIELDS, Specials.JSON -> Specials.writeJson(value, into);
            case Specials.SCHEMA_OR_BOOL, Specials.SCHEMA_OR_ARRAY, Specials.SCHEMA_OR_STRINGS -> schemaOr(value, into);
            default -> {
                if (value.isArray()) {
                    // A list that has a message of its own.
                    field(value, schema, into.getDescriptorForType().getFields().getFirst(), into);
                } else {
                    write(value, schema, into);
                }
            }
        }
        return into.build();
    }

    private void schemaOr(JsonNode value, Message.Builder into) {
        var fields = into.getDescriptorForType();
        FieldDescriptor allows = fields.findFieldByName("allows");
        if (value instanceof ObjectNode) {
            if (allows != null) {
                into.setField(allows, true);
            }
            field(value, schemaOfSchemas, fields.findFieldByName("schema"), into);
        } else if (allows != null) {
            into.setField(allows, value.asBoolean());
        } else {
            FieldDescriptor several = fields.findFieldByNumber(2);
            for (JsonNode item : value) {
                into.addRepeatedField(several, value(item, schemaOfSchemas, several, into));
            }
        }
    }
}
