package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a configuration states: what its applier claims. Found together with the mistakes that make it no
 * configuration of its kind. Immutable.
 *
 * @param mistakes such as {@code .spec.bogus: field not declared in schema}
 */
record ConfigFields(FieldSet fields, List<String> mistakes) {

    static ConfigFields of(ObjectNode config, Schema schema) {
        var walk = new Walk();
        var root = new FieldSet.Builder();
        walk.fields(config, schema, root, "");
        return new ConfigFields(root.build(), List.copyOf(walk.mistakes));
    }

    private static final class Walk {
        private final List<String> mistakes = new ArrayList<>();

        private void value(JsonNode value, @Nullable Schema schema, FieldSet.Builder at, String path) {
            checkType(value, schema, path);
            if (Shapes.granularMap(value, schema)) {
                fields(value, schema, at, path);
            } else if (schema != null && Shapes.keyedList(value, schema)) {
                items(value, schema, at, path);
            } else {
                at.add();
            }
        }

        private void fields(JsonNode object, @Nullable Schema schema, FieldSet.Builder at, String path) {
            for (var entry : object.properties()) {
                String name = entry.getKey();
                JsonNode value = entry.getValue();
                String step = Steps.field(name);
                String here = path + Steps.printed(step);
                if (undeclared(schema, name)) {
                    mistakes.add(here + ": field not declared in schema");
                    continue;
                }
                FieldSet.Builder child = at.child(step);
                boolean nothing = value.isNull() || (value.isObject() && value.isEmpty());
                if (nothing || (value.isObject() && !Shapes.named(schema, name))) {
                    child.add();
                }
                value(value, Shapes.child(schema, name), child, here);
            }
        }

        private void items(JsonNode list, Schema schema, FieldSet.Builder at, String path) {
            Schema itemSchema = Shapes.items(schema);
            Set<String> seen = new HashSet<>();
            for (JsonNode item : list) {
                var step = Steps.item(item, schema);
                if (step.isEmpty()) {
                    mistakes.add(path + ": element " + seen.size()
                            + ": associative list with keys has an element that omits key field \""
                            + String.join("\", \"", schema.listMapKeys()) + "\"");
                    continue;
                }
                String here = Steps.printed(step.get());
                if (!seen.add(here)) {
                    mistakes.add(path + ": duplicate entries for key " + here);
                    continue;
                }
                FieldSet.Builder child = at.child(step.get());
                child.add();
                if (schema.listType() == Schema.ListType.MAP) {
                    value(item, itemSchema, child, path + here);
                }
            }
        }

        private static boolean undeclared(@Nullable Schema schema, String name) {
            return schema != null
                    && schema.type() == Schema.Type.OBJECT
                    && !schema.preserveUnknownFields()
                    && !schema.properties().isEmpty()
                    && schema.child(name).isEmpty()
                    && !(schema.embeddedResource() && (name.equals("apiVersion") || name.equals("kind")));
        }

        private void checkType(JsonNode value, @Nullable Schema schema, String path) {
            if (schema == null
                    || value.isNull()
                    || schema.intOrString()
                    || schema.format().equals("quantity")) {
                return;
            }
            String expected =
                    switch (schema.type()) {
                        case OBJECT -> value.isObject() ? "" : "map";
                        case ARRAY -> value.isArray() ? "" : "list";
                        case STRING -> value.isTextual() ? "" : "string";
                        case INTEGER, NUMBER -> value.isNumber() ? "" : "numeric (int or float)";
                        case BOOLEAN -> value.isBoolean() ? "" : "boolean";
                        case ANY -> "";
                    };
            if (!expected.isEmpty()) {
                mistakes.add(path + ": expected " + expected + ", got " + value);
            }
        }
    }
}
