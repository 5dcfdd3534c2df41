package io.vertikube.apiserver.resource.meta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree together with its path, so that whoever reads there can name the field in an error. What is absent
 * is a place too. Immutable as long as the tree is left alone.
 *
 * @param path as Kubernetes writes it: {@code spec.containers[0].image}; empty for the root
 */
public record Place(JsonNode node, String path) {

    public static Place root(JsonNode node) {
        return new Place(node, "");
    }

    public Place get(String field) {
        return new Place(child(node.get(field)), path.isEmpty() ? field : path + "." + field);
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
        return new Place(node, otherPath);
    }

    /** The entry of a map: {@code data[key]}. */
    public Place key(String key) {
        return new Place(child(node.get(key)), path + "[" + key + "]");
    }

    /** The elements of an array; none if this is no array. */
    public List<Place> items() {
        if (!node.isArray()) {
            return List.of();
        }
        var items = new ArrayList<Place>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new Place(node.get(i), path + "[" + i + "]"));
        }
        return items;
    }

    public List<Place> items(String field) {
        return get(field).items();
    }

    /** The entries of a map by key; none if this is no object. */
    public Map<String, Place> entries() {
        var entries = new LinkedHashMap<String, Place>();
        node.properties().forEach(e -> entries.put(e.getKey(), new Place(e.getValue(), path + "[" + e.getKey() + "]")));
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
        return get(field).present();
    }

    /** The string here; empty if there is none. */
    public String text() {
        return node.isValueNode() && !node.isNull() && !node.isMissingNode() ? node.asText() : "";
    }

    public String text(String field) {
        return get(field).text();
    }

    public long number(long absent) {
        return present() && node.isNumber() ? node.longValue() : absent;
    }

    public long number(String field, long absent) {
        return get(field).number(absent);
    }

    public boolean is(String field) {
        return get(field).node.asBoolean(false);
    }

    /** What an error shows as the bad value: absent strings read as empty. */
    Object shown() {
        return present() ? node : "";
    }

    private static JsonNode child(@Nullable JsonNode node) {
        return node == null ? MissingNode.getInstance() : node;
    }
}
