package io.vertikube.apiserver.resource.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree that knows its path, so that whoever reads there can name the field in an error. What is absent is a
 * place too. The path is put together only when somebody asks, because nearly every object is right. Immutable as long as
 * the tree is left alone.
 */
public final class Place {

    private final JsonNode node;
    private final @Nullable Place parent;
    /** The last step of the path: a field, or the key or index in brackets; the whole path where there is no parent. */
    private final String step;

    private final boolean bracketed;

    private Place(JsonNode node, @Nullable Place parent, String step, boolean bracketed) {
        this.node = node;
        this.parent = parent;
        this.step = step;
        this.bracketed = bracketed;
    }

    public static Place root(JsonNode node) {
        return of(node, "");
    }

    /** A tree that errors shall place somewhere. */
    public static Place of(JsonNode node, String path) {
        return new Place(node, null, path, false);
    }

    public JsonNode node() {
        return node;
    }

    /** As Kubernetes writes it: {@code spec.containers[0].image}; empty for the root. */
    public String path() {
        if (parent == null) {
            return step;
        }
        String before = parent.path();
        if (bracketed) {
            return before + "[" + step + "]";
        }
        return before.isEmpty() ? step : before + "." + step;
    }

    public Place get(String field) {
        return new Place(child(node.get(field)), this, field, false);
    }

    /** Walks several fields down. */
    public Place get(String field, String... more) {
        Place at = get(field);
        for (String next : more) {
            at = at.get(next);
        }
        return at;
    }

    /** The same node under another name; for errors that Kubernetes reports elsewhere. */
    public Place at(String otherPath) {
        return of(node, otherPath);
    }

    /** The entry of a map: {@code data[key]}. */
    public Place key(String key) {
        return new Place(child(node.get(key)), this, key, true);
    }

    /** The elements of an array; none if this is no array. */
    public List<Place> items() {
        if (!node.isArray()) {
            return List.of();
        }
        var items = new ArrayList<Place>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new Place(node.get(i), this, Integer.toString(i), true));
        }
        return items;
    }

    public List<Place> items(String field) {
        return node.has(field) ? get(field).items() : List.of();
    }

    /** The entries of a map by key; none if this is no object. */
    public Map<String, Place> entries() {
        var entries = new LinkedHashMap<String, Place>();
        node.properties().forEach(e -> entries.put(e.getKey(), new Place(e.getValue(), this, e.getKey(), true)));
        return entries;
    }

    /** A map of strings; values that are no strings are left out. */
    public Map<String, String> strings() {
        return Trees.strings(node);
    }

    /** An array of strings. */
    public List<String> texts() {
        return items().stream().map(Place::text).toList();
    }

    /** There, and not null. */
    public boolean present() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Absent, null, or nothing in it. */
    public boolean empty() {
        return !present() || (node.isContainerNode() && node.isEmpty()) || (node.isTextual() && text().isEmpty());
    }

    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** The string here; empty if there is none. */
    public String text() {
        return text(node);
    }

    public String text(String field) {
        return text(child(node.get(field)));
    }

    private static String text(JsonNode node) {
        return node.isValueNode() && !node.isNull() && !node.isMissingNode() ? node.asText() : "";
    }

    public long number(long absent) {
        return node.isNumber() ? node.longValue() : absent;
    }

    public long number(String field, long absent) {
        JsonNode value = node.get(field);
        return value != null && value.isNumber() ? value.longValue() : absent;
    }

    public boolean is(String field) {
        return child(node.get(field)).asBoolean(false);
    }

    /** What an error shows as the bad value: absent strings read as empty. */
    Object shown() {
        return present() ? node : "";
    }

    private static JsonNode child(@Nullable JsonNode node) {
        return node == null ? MissingNode.getInstance() : node;
    }
}
