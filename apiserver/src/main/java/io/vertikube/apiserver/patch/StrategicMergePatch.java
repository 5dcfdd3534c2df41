package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' strategic merge patch: a merge patch that knows from the schema which lists merge by a key, with
 * directives for what a merge cannot say (replace, delete, order, keys to retain). The rules are those of the API
 * conventions' page "Strategic Merge Patch". Safe for any thread.
 */
public final class StrategicMergePatch {

    private StrategicMergePatch() {}

    /**
     * The target with the patch applied; shares nothing with the arguments.
     *
     * @param patch a JSON object; anything else is refused with 400
     * @param schema of the target's kind
     */
    public static ObjectNode apply(ObjectNode target, JsonNode patch, Schema schema) {
        if (!(patch instanceof ObjectNode changes)) {
            throw PatchErrors.malformed("invalid JSON document");
        }
        return merge(target.deepCopy(), changes, schema);
    }

    /** Merges into {@code target}, or answers a new map when the patch says so. */
    static ObjectNode merge(ObjectNode target, ObjectNode patch, @Nullable Schema schema) {
        JsonNode directive = patch.get(Directives.PATCH);
        if (directive != null) {
            switch (directive.asText()) {
                case "replace" -> {
                    return withoutDirectives(patch);
                }
                case "delete" -> {
                    return JsonNodeFactory.instance.objectNode();
                }
                case "merge" -> {}
                default -> throw Directives.unknown(directive.asText(), patch);
            }
        }
        retainKeys(target, patch);
        for (var change : patch.properties()) {
            String key = change.getKey();
            if (key.startsWith(Directives.DELETE_FROM_PRIMITIVE_LIST)) {
                deleteFrom(target, key.substring(Directives.DELETE_FROM_PRIMITIVE_LIST.length()), change.getValue());
            } else if (!Directives.isDirective(key)) {
                set(target, key, change.getValue(), child(schema, key));
            }
        }
        for (var change : patch.properties()) {
            if (change.getKey().startsWith(Directives.SET_ELEMENT_ORDER)) {
                String list = change.getKey().substring(Directives.SET_ELEMENT_ORDER.length());
                reorder(target, list, change.getValue(), patch.get(list), child(schema, list));
            }
        }
        return target;
    }

    private static void set(ObjectNode target, String key, JsonNode value, @Nullable Schema schema) {
        JsonNode existing = target.get(key);
        if (value.isNull()) {
            target.remove(key);
        } else if (value instanceof ObjectNode map) {
            boolean replaces = schema != null && schema.patchStrategies().contains("replace");
            boolean merges = existing instanceof ObjectNode && !replaces;
            ObjectNode base =
                    merges && existing instanceof ObjectNode old ? old : JsonNodeFactory.instance.objectNode();
            target.set(key, merge(base, map, schema));
        } else if (value instanceof ArrayNode list && merges(schema)) {
            ArrayNode base = existing instanceof ArrayNode old ? old : JsonNodeFactory.instance.arrayNode();
            target.set(key, MergedList.of(schema).merge(base, list));
        } else {
            target.set(key, withoutDirectives(value));
        }
    }

    private static boolean merges(@Nullable Schema schema) {
        return schema != null && schema.patchStrategies().contains("merge");
    }

    private static @Nullable Schema child(@Nullable Schema schema, String key) {
        return Optional.ofNullable(schema).flatMap(s -> s.child(key)).orElse(null);
    }

    private static void retainKeys(ObjectNode target, ObjectNode patch) {
        JsonNode directive = patch.get(Directives.RETAIN_KEYS);
        if (directive == null) {
            return;
        }
        if (!(directive instanceof ArrayNode keys)) {
            throw PatchErrors.malformed("invalid patch format of retainKeys");
        }
        Set<String> retained = new HashSet<>();
        keys.forEach(key -> retained.add(key.asText()));
        for (var change : patch.properties()) {
            if (!Directives.isDirective(change.getKey())
                    && !change.getValue().isNull()
                    && !retained.contains(change.getKey())) {
                throw PatchErrors.malformed("invalid patch format of retainKeys");
            }
        }
        target.retain(retained);
    }

    private static void deleteFrom(ObjectNode target, String key, JsonNode values) {
        if (!(values instanceof ArrayNode gone)) {
            throw PatchErrors.malformed("invalid patch format of primitive list");
        }
        if (target.get(key) instanceof ArrayNode list) {
            Set<JsonNode> unwanted = new HashSet<>();
            gone.forEach(unwanted::add);
            list.removeIf(unwanted::contains);
        }
    }

    private static void reorder(
            ObjectNode target, String key, JsonNode order, @Nullable JsonNode patched, @Nullable Schema schema) {
        if (!(order instanceof ArrayNode wanted)) {
            throw PatchErrors.malformed("invalid patch format of setElementOrder list");
        }
        if (merges(schema) && target.get(key) instanceof ArrayNode list) {
            target.set(key, MergedList.of(schema).ordered(list, wanted, patched));
        }
    }

    /** The data of a patch for a place where there is nothing to merge with. */
    static ObjectNode withoutDirectives(ObjectNode map) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (var entry : map.properties()) {
            if (!Directives.isDirective(entry.getKey()) && !entry.getValue().isNull()) {
                result.set(entry.getKey(), withoutDirectives(entry.getValue()));
            }
        }
        return result;
    }

    private static JsonNode withoutDirectives(JsonNode value) {
        if (value instanceof ObjectNode map) {
            return withoutDirectives(map);
        }
        if (value instanceof ArrayNode list) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode(list.size());
            for (JsonNode item : list) {
                if (!item.has(Directives.PATCH)) {
                    result.add(withoutDirectives(item));
                }
            }
            return result;
        }
        return value;
    }
}
