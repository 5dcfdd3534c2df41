package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What an expression came to, as a tree; what it constructed has to be of the types that its places have. Pure functions. */
public final class ResultTree {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A value that has no place in a tree. */
    public static final class Misplaced extends Exception {

        private static final long serialVersionUID = 1;

        Misplaced(String message) {
            super(message, null, false, false);
        }
    }

    private ResultTree() {}

    /** The tree of a constructed {@code Object}. */
    public static JsonNode ofObject(Object value) throws Misplaced {
        return tree(value, Constructed.ROOT);
    }

    /** The tree of a value that is no part of an {@code Object}, or that may stand anywhere in one. */
    public static JsonNode of(Object value) throws Misplaced {
        return tree(value, "");
    }

    /** @param place the type that a constructed object has to have here; empty for any */
    private static JsonNode tree(Object value, String place) throws Misplaced {
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Long number -> NODES.numberNode(number);
            case UnsignedLong number -> NODES.numberNode(number.bigIntegerValue());
            case Double number -> NODES.numberNode(number);
            case NullValue none -> NODES.nullNode();
            case CelByteString bytes -> NODES.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case Instant time -> NODES.textNode(time.toString());
            case Duration length -> NODES.textNode(length.toSeconds() + "s");
            case List<?> list -> {
                ArrayNode items = NODES.arrayNode();
                for (Object item : list) {
                    items.add(tree(item, place));
                }
                yield items;
            }
            case Map<?, ?> map -> object(map, place);
            default ->
                throw new Misplaced("a value of type " + value.getClass().getSimpleName() + " cannot be written");
        };
    }

    private static ObjectNode object(Map<?, ?> map, String place) throws Misplaced {
        boolean constructed = map.containsKey(Constructed.TYPE);
        String type = constructed ? String.valueOf(map.get(Constructed.TYPE)) : place;
        if (constructed && !place.isEmpty() && !type.equals(place)) {
            throw new Misplaced("unexpected type name \"" + type + "\", expected \"" + place
                    + "\", which matches field name path from root Object type");
        }
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<?, ?> field : map.entrySet()) {
            if (!(field.getKey() instanceof String name)) {
                throw new Misplaced("the keys of an object are strings");
            }
            if (!name.equals(Constructed.TYPE)) {
                boolean known = type.startsWith(Constructed.ROOT);
                object.set(name, tree(field.getValue(), known ? type + "." + name : ""));
            }
        }
        return object;
    }
}
