package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.vertikube.apiserver.format.Formats;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trees as values of expressions. Lists and objects are views: nothing is copied, and only what an expression looks at is
 * converted. Pure functions.
 */
final class Values {

    private Values() {}

    /** A value whose schema is known. */
    static Object of(JsonNode node, CelSchema schema) {
        if (node.isNull()) {
            return NullValue.NULL_VALUE;
        }
        return switch (schema.kind) {
            case OBJECT -> node.isObject() ? new Fields(node, schema) : of(node);
            case MAP -> node.isObject() ? new Entries(node, schema.element) : of(node);
            case LIST -> node.isArray() ? new Items(node, schema) : of(node);
            case TIMESTAMP, DATE, DURATION, BYTES ->
                node.isTextual() ? formatted(node.textValue(), schema.kind) : of(node);
            case DOUBLE -> node.isNumber() ? (Object) node.doubleValue() : of(node);
            case INT -> node.isNumber() ? (Object) node.longValue() : of(node);
            case STRING, BOOL, ANY -> of(node);
        };
    }

    /** A value of which nothing is known. */
    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : (Object) node.doubleValue();
            case ARRAY -> new Items(node, null);
            case OBJECT -> new Entries(node, null);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Object formatted(String text, CelSchema.Kind kind) {
        try {
            return switch (kind) {
                case TIMESTAMP -> OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
                case DATE ->
                    Formats.isDate(text)
                            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                            : Instant.parse(text);
                case DURATION -> duration(text);
                default ->
                    CelByteString.of(
                            Base64.getDecoder().decode(text.replace("\n", "").replace("\r", "")));
            };
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            return text;
        }
    }

    private static Duration duration(String text) {
        String plain = text.startsWith("+") || text.startsWith("-") ? text.substring(1) : text;
        Duration length = plain.equals("0") ? Duration.ZERO : io.vertikube.value.Durations.parse(plain);
        return text.startsWith("-") ? length.negated() : length;
    }

    /** A list of a tree; it knows whether its order counts. */
    static final class Items extends AbstractList<Object> implements RandomAccess {

        final JsonNode list;
        final @Nullable CelSchema schema;

        Items(JsonNode list, @Nullable CelSchema schema) {
            this.list = list;
            this.schema = schema;
        }

        boolean isSet() {
            return schema != null && schema.listType.equals("set");
        }

        boolean isMap() {
            return schema != null && schema.listType.equals("map") && !schema.listKeys.isEmpty();
        }

        @Override
        public Object get(int index) {
            java.util.Objects.checkIndex(index, list.size());
            JsonNode item = list.get(index);
            return schema == null || schema.element == null ? of(item) : of(item, schema.element);
        }

        @Override
        public int size() {
            return list.size();
        }
    }

    /** An object without declared properties: entries by their own names. */
    private static final class Entries extends AbstractMap<String, Object> {

        private final JsonNode object;
        private final @Nullable CelSchema element;

        Entries(JsonNode object, @Nullable CelSchema element) {
            this.object = object;
            this.element = element;
        }

        private Object value(JsonNode node) {
            return element == null ? of(node) : of(node, element);
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            @Nullable JsonNode node = key instanceof String name ? object.get(name) : null;
            return node == null ? null : value(node);
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String name && object.has(name);
        }

        @Override
        public int size() {
            return object.size();
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            return new Walk(
                    object.size(),
                    () -> object.propertyStream()
                            .map(e -> entry(e.getKey(), value(e.getValue())))
                            .iterator());
        }
    }

    /** An object with declared properties: those of them that are there, under their names in expressions. */
    private static final class Fields extends AbstractMap<String, Object> {

        private final JsonNode object;
        private final CelSchema schema;

        Fields(JsonNode object, CelSchema schema) {
            this.object = object;
            this.schema = schema;
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            CelSchema.@Nullable Field field = key instanceof String name ? schema.escaped.get(name) : null;
            @Nullable JsonNode node = field == null ? null : object.get(field.name());
            return field == null || node == null ? null : of(node, field.schema());
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            CelSchema.@Nullable Field field = key instanceof String name ? schema.escaped.get(name) : null;
            return field != null && object.has(field.name());
        }

        @Override
        public int size() {
            return (int) schema.fields.keySet().stream().filter(object::has).count();
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            return new Walk(
                    size(),
                    () -> schema.fields.values().stream()
                            .filter(f -> object.has(f.name()))
                            .map(f -> entry(f.escaped(), of(object.path(f.name()), f.schema())))
                            .iterator());
        }
    }

    private static Map.Entry<String, Object> entry(String key, Object value) {
        return Map.entry(key, value);
    }

    private static final class Walk extends AbstractSet<Map.Entry<String, Object>> {

        private final int size;
        private final Iterable<Map.Entry<String, Object>> entries;

        Walk(int size, Iterable<Map.Entry<String, Object>> entries) {
            this.size = size;
            this.entries = entries;
        }

        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
            return entries.iterator();
        }

        @Override
        public int size() {
            return size;
        }
    }

    /** The keys of an item of a list that is a map. */
    static List<Object> keys(Object item, List<String> keys) {
        return keys.stream()
                .map(key -> item instanceof Map<?, ?> map
                        ? java.util.Objects.requireNonNullElse(
                                map.get(Names.escape(key).orElse(key)), NullValue.NULL_VALUE)
                        : item)
                .toList();
    }
}
