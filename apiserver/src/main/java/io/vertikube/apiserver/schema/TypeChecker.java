package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every value of a tree against the type that its schema gives, and leaves each in the one form that Kubernetes
 * stores: quantities, times and base64 canonical; a field that is null, or empty where that means nothing, absent; a null
 * in a map or list the empty value of its type. Unknown fields are not looked at. Pure functions over the given tree.
 */
public final class TypeChecker {

    private TypeChecker() {}

    /** A value of the wrong type; {@link #sentence()} says where and which. */
    public static final class WrongType extends Exception {
        private static final long serialVersionUID = 1L;

        private final StringBuilder path = new StringBuilder();
        private final StringBuilder declared = new StringBuilder();
        private final String before;
        private final String after;
        private final boolean asDeclared;
        private String struct = "";

        /** The sentence is {@code before + field path + after}. */
        WrongType(String before, String after) {
            this(before, after, false);
        }

        /** A sentence that says nothing of where. */
        WrongType(String sentence) {
            this(sentence, "", true);
        }

        private WrongType(String before, String after, boolean asDeclared) {
            super(before, null, false, false);
            this.before = before;
            this.after = after;
            this.asDeclared = asDeclared;
        }

        /** A field of an object, whose type has that definition if it has a name. */
        WrongType under(String field, String definition) {
            under(field);
            declared.insert(0, declared.isEmpty() ? field : field + ".");
            if (struct.isEmpty() && !definition.isEmpty()) {
                struct = Words.simpleName(definition);
            }
            return this;
        }

        /** An entry of a map. */
        WrongType under(String key) {
            path.insert(0, path.isEmpty() || path.charAt(0) == '[' ? key : key + ".");
            return this;
        }

        WrongType at(int index) {
            path.insert(0, "[" + index + "]" + (path.isEmpty() || path.charAt(0) == '[' ? "" : "."));
            return this;
        }

        /** Where: {@code spec.containers[0].ports}. */
        public String field() {
            return path.toString();
        }

        /** What and where, in one sentence. */
        public String sentence() {
            return asDeclared ? after.isEmpty() ? before : before + declaredField() + after : before + path + after;
        }

        /** As Kubernetes names a field: by the type it is declared in, and without keys and indices. */
        private String declaredField() {
            return struct.isEmpty() ? "field " + path : "Go struct field " + struct + "." + declared;
        }

        @Override
        public String getMessage() {
            return sentence();
        }
    }

    /** Checks and canonicalises the tree in place. */
    public static void check(Schema schema, ObjectNode tree) throws WrongType {
        object(schema, tree);
    }

    /**
     * Checks and canonicalises in place only what is of a named type, such as {@code metadata}: the other values of a
     * custom object are judged by validation.
     */
    static void checkNamed(Schema schema, JsonNode tree) throws WrongType {
        if (tree instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                @Nullable Schema child = schema.child(field.getKey()).orElse(null);
                if (child == null) {
                    continue;
                }
                boolean named = !child.definition().isEmpty();
                try {
                    if (named && field.getValue().isNull()) {
                        fields.remove();
                    } else if (named) {
                        field.setValue(value(child, field.getValue()));
                    } else if (field.getValue().isContainerNode()) {
                        checkNamed(child, field.getValue());
                    }
                } catch (WrongType e) {
                    throw e.under(field.getKey(), schema.definition());
                }
            }
        } else if (tree instanceof ArrayNode array && schema.items().isPresent()) {
            for (int i = 0; i < array.size(); i++) {
                try {
                    checkNamed(schema.items().get(), array.get(i));
                } catch (WrongType e) {
                    throw e.at(i);
                }
            }
        }
    }

    private static JsonNode value(Schema schema, JsonNode value) throws WrongType {
        if (schema.intOrString()) {
            return Scalars.intOrString(schema, value);
        }
        return switch (schema.type()) {
            case OBJECT -> {
                if (!(value instanceof ObjectNode object)) {
                    throw mismatch(schema, value);
                }
                object(schema, object);
                yield value;
            }
            case ARRAY -> {
                if (!(value instanceof ArrayNode array)) {
                    throw mismatch(schema, value);
                }
                array(schema, array);
                yield value;
            }
            case STRING -> Scalars.string(schema, value);
            case INTEGER -> Scalars.integer(schema, value);
            case NUMBER -> {
                if (!value.isNumber()) {
                    throw mismatch(schema, value);
                }
                yield value;
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    throw mismatch(schema, value);
                }
                yield value;
            }
            case ANY -> value;
        };
    }

    private static void object(Schema schema, ObjectNode object) throws WrongType {
        Map<String, Schema> declared = schema.properties();
        Set<String> required = schema.required();
        @Nullable Schema values = schema.additionalProperties().orElse(null);
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            Schema own = declared.get(field.getKey());
            Schema child = own != null ? own : values;
            if (child == null) {
                continue;
            }
            JsonNode old = field.getValue();
            if (old.isNull()) {
                if (own == null) {
                    field.setValue(empty(child));
                } else if (!own.nullable()) {
                    fields.remove();
                }
                continue;
            }
            JsonNode checked;
            try {
                checked = value(child, old);
            } catch (WrongType e) {
                throw own == null ? e.under(field.getKey()) : e.under(field.getKey(), schema.definition());
            }
            boolean meansAbsence =
                    own != null && !own.explicit() && !required.contains(field.getKey()) && isZero(own, checked);
            if (meansAbsence) {
                fields.remove();
            } else {
                field.setValue(checked);
            }
        }
    }

    private static void array(Schema schema, ArrayNode array) throws WrongType {
        @Nullable Schema items = schema.items().orElse(null);
        if (items == null) {
            return;
        }
        for (int i = 0; i < array.size(); i++) {
            JsonNode old = array.get(i);
            JsonNode checked;
            try {
                checked = old.isNull() ? empty(items) : value(items, old);
            } catch (WrongType e) {
                throw e.at(i);
            }
            array.set(i, checked);
        }
    }

    private static boolean isZero(Schema schema, JsonNode value) {
        return switch (value.getNodeType()) {
                    case STRING -> value.textValue().isEmpty();
                    case NUMBER -> value.doubleValue() == 0;
                    case BOOLEAN -> !value.booleanValue();
                    case ARRAY -> value.isEmpty();
                    // An empty map is no map; an empty object such as "emptyDir: {}" is one.
                    case OBJECT ->
                        value.isEmpty() && schema.additionalProperties().isPresent();
                    default -> false;
                }
                && schema.type() != Schema.Type.ANY;
    }

    /** What stands for null where it cannot be left out. */
    private static JsonNode empty(Schema schema) {
        var nodes = JsonNodeFactory.instance;
        if (schema.intOrString()) {
            return nodes.numberNode(0);
        }
        return switch (schema.type()) {
            case OBJECT -> nodes.objectNode();
            case ARRAY -> nodes.arrayNode();
            case STRING -> nodes.textNode(schema.format().equals("quantity") ? "0" : "");
            case INTEGER, NUMBER -> nodes.numberNode(0);
            case BOOLEAN -> nodes.booleanNode(false);
            case ANY -> nodes.nullNode();
        };
    }

    static WrongType mismatch(Schema schema, JsonNode value) {
        return new WrongType(
                "json: cannot unmarshal " + Words.given(schema, value) + " into ",
                " of type " + Words.wanted(schema),
                true);
    }
}
