package io.vertikube.apiserver.resource.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading and changing object trees by field name. Pure but for the tree it is told to change. */
public final class Trees {

    private Trees() {}

    /** The node some fields down; missing if any of them is. */
    public static JsonNode at(JsonNode node, String... fields) {
        JsonNode at = node;
        for (String field : fields) {
            at = at.path(field);
        }
        return at.isNull() ? MissingNode.getInstance() : at;
    }

    /** The text some fields down; empty if there is none. */
    public static String text(JsonNode node, String... fields) {
        return at(node, fields).asText("");
    }

    /** The object some fields down, if there is one. */
    public static Optional<ObjectNode> find(JsonNode node, String... fields) {
        return at(node, fields) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** The object in a field, made if absent. */
    public static ObjectNode object(ObjectNode parent, String field) {
        if (parent.get(field) instanceof ObjectNode there) {
            return there;
        }
        return parent.putObject(field);
    }

    /** The array in a field, made if absent. */
    public static ArrayNode array(ObjectNode parent, String field) {
        if (parent.get(field) instanceof ArrayNode there) {
            return there;
        }
        return parent.putArray(field);
    }

    /** The objects in an array field; none if it is absent. */
    public static List<ObjectNode> objects(JsonNode parent, String field) {
        var found = new ArrayList<ObjectNode>();
        for (JsonNode item : parent.path(field)) {
            if (item instanceof ObjectNode object) {
                found.add(object);
            }
        }
        return found;
    }

    public static boolean absent(JsonNode parent, String field) {
        @Nullable JsonNode value = parent.get(field);
        return value == null || value.isNull();
    }

    public static void setIfAbsent(ObjectNode parent, String field, String value) {
        if (absent(parent, field)) {
            parent.put(field, value);
        }
    }

    public static void setIfAbsent(ObjectNode parent, String field, int value) {
        if (absent(parent, field)) {
            parent.put(field, value);
        }
    }

    public static void setIfAbsent(ObjectNode parent, String field, boolean value) {
        if (absent(parent, field)) {
            parent.put(field, value);
        }
    }

    /** Copies a field of another object, or removes it where that has none. */
    public static void keep(ObjectNode object, ObjectNode old, String field) {
        @Nullable JsonNode value = old.get(field);
        if (value == null) {
            object.remove(field);
        } else {
            object.set(field, value.deepCopy());
        }
    }

    public static boolean same(JsonNode left, JsonNode right, String field) {
        return equal(left.path(field), right.path(field));
    }

    /**
     * Whether two trees say the same: numbers by value, and what is absent, null or an empty list is one, as it is once
     * decoded in Kubernetes. An empty object is something.
     */
    public static boolean equal(JsonNode left, JsonNode right) {
        if (nothing(left) || nothing(right)) {
            return nothing(left) && nothing(right);
        }
        if (left.isObject() && right.isObject()) {
            return everyFieldEqual(left, right) && everyFieldKnown(right, left);
        }
        if (left.isArray() && right.isArray()) {
            boolean equal = left.size() == right.size();
            for (int i = 0; equal && i < left.size(); i++) {
                equal = equal(left.get(i), right.get(i));
            }
            return equal;
        }
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue()) == 0;
        }
        return left.equals(right);
    }

    private static boolean everyFieldEqual(JsonNode left, JsonNode right) {
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            if (!equal(field.getValue(), right.path(field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean everyFieldKnown(JsonNode node, JsonNode other) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!other.has(field.getKey()) && !nothing(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean nothing(JsonNode node) {
        return node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty());
    }

    /** A map of strings; values that are no strings are left out. */
    public static Map<String, String> strings(JsonNode map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        var strings = new LinkedHashMap<String, String>();
        map.properties().forEach(e -> {
            if (e.getValue().isTextual()) {
                strings.put(e.getKey(), e.getValue().textValue());
            }
        });
        return strings;
    }

    /** An array of strings. */
    public static List<String> texts(JsonNode array) {
        if (array.isEmpty()) {
            return List.of();
        }
        var texts = new ArrayList<String>(array.size());
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    public static boolean contains(JsonNode array, String text) {
        for (JsonNode item : array) {
            if (item.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    public static ArrayNode arrayOf(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    public static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }
}
