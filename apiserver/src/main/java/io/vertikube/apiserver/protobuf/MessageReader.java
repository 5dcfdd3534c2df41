package io.vertikube.apiserver.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.vertikube.apiserver.schema.Schema;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages to JSON trees, along the schema. Safe for any thread. */
final class MessageReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final FieldPlans plans;
    private final Schema schemaOfSchemas;

    /** @param schemaOfSchemas the schema of JSONSchemaProps, which its own fields know only as "anything" */
    MessageReader(FieldPlans plans, Schema schemaOfSchemas) {
        this.plans = plans;
        this.schemaOfSchemas = schemaOfSchemas;
    }

    /** Puts the message's fields into the object. */
    void read(Message message, Schema schema, ObjectNode into) {
        FieldPlan plan = plans.of(message.getDescriptorForType(), schema);
        for (FieldPlan.Named one : plan.named()) {
            JsonNode value = field(message, one.field(), one.schema());
            if (value != null) {
                into.set(one.name(), value);
            }
        }
        for (FieldPlan.Spread spread : plan.spread()) {
            if (message.hasField(spread.field())) {
                read((Message) message.getField(spread.field()), schema, into);
            }
        }
    }

    private @Nullable JsonNode field(Message message, FieldDescriptor field, Schema schema) {
        if (field.isMapField()) {
            List<?> entries = (List<?>) message.getField(field);
            return entries.isEmpty() ? null : map(entries, schema);
        }
        if (field.isRepeated()) {
            List<?> items = (List<?>) message.getField(field);
            return items.isEmpty() ? null : list(items, schema);
        }
        return message.hasField(field) ? value(message.getField(field), schema) : null;
    }

    private JsonNode map(List<?> entries, Schema schema) {
        ObjectNode map = NODES.objectNode();
        for (Object entry : entries) {
            Message pair = (Message) entry;
            FieldDescriptor key = pair.getDescriptorForType().findFieldByNumber(1);
            FieldDescriptor content = pair.getDescriptorForType().findFieldByNumber(2);
            String name = String.valueOf(pair.getField(key));
            JsonNode value = schema.child(name)
                    .map(child -> value(pair.getField(content), child))
                    .orElse(null);
            map.set(name, value == null ? NODES.nullNode() : value);
        }
        return map;
    }

    private JsonNode list(List<?> items, Schema schema) {
        ArrayNode list = NODES.arrayNode();
        for (Object item : items) {
            JsonNode value = schema.items().map(inner -> value(item, inner)).orElse(null);
            list.add(value == null ? NODES.nullNode() : value);
        }
        return list;
    }

    /** Null where a message on the wire stands for nothing, such as a time that was never set. */
    private @Nullable JsonNode value(Object value, Schema schema) {
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Boolean truth -> NODES.booleanNode(truth);
            case Integer number -> NODES.numberNode(number);
            case Long number -> number(number);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case ByteString bytes -> NODES.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Message message -> message(message, schema);
            default -> throw new IllegalStateException("no JSON for a " + value.getClass());
        };
    }

    private static JsonNode number(long number) {
        boolean small = number == (int) number;
        return small ? NODES.numberNode((int) number) : NODES.numberNode(number);
    }

    private @Nullable JsonNode message(Message message, Schema schema) {
        String name = message.getDescriptorForType().getFullName();
        return switch (name) {
            case Specials.TIME, Specials.MICRO_TIME -> Specials.time(message);
            case Specials.QUANTITY -> Specials.quantity(message);
            case Specials.INT_OR_STRING -> Specials.intOrString(message);
            case Specials.RAW_EXTENSION, Specials.FIELDS, Specials.JSON -> Specials.json(message);
            case Specials.SCHEMA_OR_BOOL, Specials.SCHEMA_OR_ARRAY, Specials.SCHEMA_OR_STRINGS -> schemaOr(message);
            default -> schema.type() == Schema.Type.ARRAY ? wrapped(message, schema) : inner(message, schema);
        };
    }

    private ObjectNode inner(Message message, Schema schema) {
        ObjectNode object = NODES.objectNode();
        read(message, schema, object);
        return object;
    }

    /** One schema, or instead of it a truth value, several schemas or several strings. */
    private JsonNode schemaOr(Message message) {
        var fields = message.getDescriptorForType();
        FieldDescriptor one = fields.findFieldByName("schema");
        if (message.hasField(one)) {
            return inner((Message) message.getField(one), schemaOfSchemas);
        }
        FieldDescriptor allows = fields.findFieldByName("allows");
        if (allows != null) {
            return NODES.booleanNode((Boolean) message.getField(allows));
        }
        ArrayNode list = NODES.arrayNode();
        for (Object item : (List<?>) message.getField(fields.findFieldByNumber(2))) {
            list.add(
                    item instanceof Message schema
                            ? inner(schema, schemaOfSchemas)
                            : NODES.textNode(String.valueOf(item)));
        }
        return list;
    }

    /** A list that has a message of its own, because a map cannot hold lists on the wire. */
    private JsonNode wrapped(Message message, Schema schema) {
        FieldDescriptor items = message.getDescriptorForType().getFields().getFirst();
        return list((List<?>) message.getField(items), schema);
    }
}
