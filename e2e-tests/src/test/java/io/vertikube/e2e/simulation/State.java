package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All objects as of the newest write. Confined to who holds the history's lock. */
final class State {

    private final Map<String, TreeMap<ObjectId, JsonNode>> byPlural = new HashMap<>();
    private final Map<String, ObjectId> byUid = new HashMap<>();

    @Nullable
    JsonNode put(ObjectId id, @Nullable JsonNode object) {
        TreeMap<ObjectId, JsonNode> same = byPlural.computeIfAbsent(
                id.plural(),
                plural -> new TreeMap<>(
                        java.util.Comparator.comparing(ObjectId::namespace).thenComparing(ObjectId::name)));
        JsonNode before = object == null ? same.remove(id) : same.put(id, object);
        if (before != null) {
            byUid.remove(Objects.uid(before));
        }
        if (object != null) {
            byUid.put(Objects.uid(object), id);
        }
        return before;
    }

    Map<ObjectId, JsonNode> all(String plural) {
        TreeMap<ObjectId, JsonNode> known = byPlural.get(plural);
        return known == null ? Map.of() : known;
    }

    Optional<JsonNode> get(ObjectId id) {
        return Optional.ofNullable(all(id.plural()).get(id));
    }

    boolean hasUid(String uid) {
        return byUid.containsKey(uid);
    }

    Iterable<String> plurals() {
        return List.copyOf(byPlural.keySet());
    }

    /** The objects of a type in a namespace that say that this uid owns them. */
    List<JsonNode> owned(String plural, String namespace, String uid) {
        var found = new ArrayList<JsonNode>();
        all(plural).forEach((id, object) -> {
            if (id.namespace().equals(namespace) && Objects.ownedBy(object, uid)) {
                found.add(object);
            }
        });
        return found;
    }
}
