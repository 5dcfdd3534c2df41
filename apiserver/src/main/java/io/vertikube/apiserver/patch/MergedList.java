package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list that strategic merge merges item by item: maps by their merge key, plain values by themselves. Immutable.
 *
 * @param mergeKey empty for plain values
 * @param item schema of an item
 */
record MergedList(String mergeKey, @Nullable Schema item) {

    static MergedList of(@Nullable Schema list) {
        return list == null
                ? new MergedList("", null)
                : new MergedList(list.patchMergeKey(), list.items().orElse(null));
    }

    /** Both lists as one; items of the patch stand in the patch's order among those that only the server knows. */
    ArrayNode merge(ArrayNode existing, ArrayNode patch) {
        List<JsonNode> before = list(existing);
        List<JsonNode> changes = list(patch);
        refuseMixed(before, changes);
        List<JsonNode> merged =
                holdsMaps(before, changes) ? mergedMaps(before, changes) : mergedValues(before, changes);
        if (replaces(changes)) {
            return array(merged);
        }
        return array(interleave(merged, keys(changes), before));
    }

    /**
     * The list in the wanted order; items that the order does not name keep their place among the others as well as that
     * goes.
     *
     * @param patched the list that came with the order, which must not contradict it; null if none came
     */
    ArrayNode ordered(ArrayNode merged, ArrayNode wanted, @Nullable JsonNode patched) {
        List<@Nullable JsonNode> order = keys(list(wanted));
        if (patched instanceof ArrayNode changes) {
            refuseContradiction(list(changes), order, wanted);
        }
        List<JsonNode> items = list(merged);
        return array(interleave(items, order, items));
    }

    private List<JsonNode> mergedValues(List<JsonNode> before, List<JsonNode> changes) {
        List<JsonNode> all = new ArrayList<>(before);
        changes.forEach(value -> all.add(value.deepCopy()));
        return all.stream().distinct().toList();
    }

    private List<JsonNode> mergedMaps(List<JsonNode> before, List<JsonNode> changes) {
        if (mergeKey.isEmpty()) {
            throw PatchErrors.plain500(
                    "cannot merge lists without merge key for " + (item == null ? "items" : item.definition()));
        }
        Map<JsonNode, JsonNode> byKey = new LinkedHashMap<>();
        List<JsonNode> keyless = new ArrayList<>();
        if (!replaces(changes)) {
            for (JsonNode old : before) {
                JsonNode key = key(old);
                if (key == null) {
                    keyless.add(old);
                } else {
                    byKey.putIfAbsent(key, old);
                }
            }
        }
        for (JsonNode change : changes) {
            String directive = change.path(Directives.PATCH).asText();
            if (directive.equals("replace")) {
                continue;
            }
            if (directive.equals("merge")) {
                throw PatchErrors.plain500("merging lists cannot yet be specified in the patch");
            }
            if (!directive.isEmpty() && !directive.equals("delete")) {
                throw Directives.unknown(directive, change);
            }
            JsonNode key = key(change);
            if (key == null) {
                throw Directives.noMergeKey(mergeKey, change);
            }
            if (directive.equals("delete")) {
                byKey.remove(key);
            } else if (change instanceof ObjectNode map) {
                ObjectNode base =
                        byKey.get(key) instanceof ObjectNode old ? old : JsonNodeFactory.instance.objectNode();
                byKey.put(key, StrategicMergePatch.merge(base, map, item));
            }
        }
        List<JsonNode> merged = new ArrayList<>(byKey.values());
        merged.addAll(keyless);
        return merged;
    }

    private static boolean replaces(List<JsonNode> changes) {
        return changes.stream().anyMatch(c -> c.path(Directives.PATCH).asText().equals("replace"));
    }

    /**
     * Items named by {@code order} in that order; each of the others before the first of them that came later in
     * {@code before}.
     */
    private List<JsonNode> interleave(List<JsonNode> items, List<@Nullable JsonNode> order, List<JsonNode> before) {
        Map<@Nullable JsonNode, Integer> wanted = places(order);
        Map<@Nullable JsonNode, Integer> known = places(keys(before));
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode item : items) {
            (wanted.containsKey(key(item)) ? named : others).add(item);
        }
        named.sort(Comparator.comparing(item -> wanted.getOrDefault(key(item), 0)));
        others.sort(Comparator.comparing(item -> known.getOrDefault(key(item), Integer.MAX_VALUE)));
        List<JsonNode> result = new ArrayList<>(items.size());
        int next = 0;
        for (JsonNode item : named) {
            Integer place = known.get(key(item));
            while (place != null
                    && next < others.size()
                    && known.getOrDefault(key(others.get(next)), Integer.MAX_VALUE) < place) {
                result.add(others.get(next++));
            }
            result.add(item);
        }
        result.addAll(others.subList(next, others.size()));
        return result;
    }

    private void refuseContradiction(List<JsonNode> changes, List<@Nullable JsonNode> order, ArrayNode wanted) {
        Map<@Nullable JsonNode, Integer> places = places(order);
        int last = -1;
        for (JsonNode change : changes) {
            if (change.has(Directives.PATCH)) {
                continue;
            }
            Integer place = places.get(key(change));
            if (place == null || place < last) {
                throw PatchErrors.plain500("The order in patch list:\n" + changes
                        + "\n doesn't match $setElementOrder list:\n" + wanted + "\n");
            }
            last = place;
        }
    }

    private static Map<@Nullable JsonNode, Integer> places(List<@Nullable JsonNode> keys) {
        Map<@Nullable JsonNode, Integer> places = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            places.putIfAbsent(keys.get(i), i);
        }
        return places;
    }

    private List<@Nullable JsonNode> keys(List<JsonNode> items) {
        List<@Nullable JsonNode> keys = new ArrayList<>(items.size());
        for (JsonNode item : items) {
            keys.add(key(item));
        }
        return keys;
    }

    private @Nullable JsonNode key(JsonNode item) {
        return mergeKey.isEmpty() ? item : item.get(mergeKey);
    }

    private static boolean holdsMaps(List<JsonNode> before, List<JsonNode> changes) {
        return (before.isEmpty() ? changes : before).stream().anyMatch(JsonNode::isObject);
    }

    private static void refuseMixed(List<JsonNode> before, List<JsonNode> changes) {
        Set<Boolean> maps = new HashSet<>();
        for (List<JsonNode> items : List.of(before, changes)) {
            for (JsonNode item : items) {
                if (item.isArray()) {
                    throw PatchErrors.unprocessable("lists of lists are not supported");
                }
                maps.add(item.isObject());
            }
        }
        if (maps.size() > 1) {
            throw PatchErrors.plain500("list element types are not identical");
        }
    }

    private static List<JsonNode> list(ArrayNode array) {
        List<JsonNode> items = new ArrayList<>(array.size());
        array.forEach(items::add);
        return items;
    }

    private static ArrayNode array(List<JsonNode> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(array::add);
        return array;
    }
}
