package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How plugins look at stored objects: what is there is taken from memory, what seems missing is looked for once more
 * with a fresh read, because the cache may be a moment behind. Trees of settings (a request's namespace and account, classes,
 * limits) are remembered until the object changes, so they are for reading alone: whoever takes a part of one into
 * another object copies it. Safe for any thread.
 */
final class Stored {

    /** As many trees as are remembered; then all are forgotten. */
    private static final int REMEMBERED = 1_000;

    private record Known(long revision, ObjectNode tree) {}

    private final ObjectStorage storage;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Stored(ObjectStorage storage) {
        this.storage = storage;
    }

    Optional<StoredObject> find(String key) {
        Optional<StoredObject> known = storage.snapshot(Read.any()).get(key);
        return known.isPresent() ? known : storage.snapshot(Read.latest()).get(key);
    }

    Optional<ObjectNode> tree(String key) {
        return find(key).map(StoredObject::tree);
    }

    /** What nearly every request asks for again. */
    Optional<ObjectNode> setting(String key) {
        return find(key).map(this::remembered);
    }

    Collection<StoredObject> under(String prefix) {
        return storage.snapshot(Read.any()).under(prefix).values();
    }

    /** All of a few settings, such as classes. */
    List<ObjectNode> settings(String prefix) {
        return under(prefix).stream().map(this::remembered).toList();
    }

    /** All of what may be many. */
    List<ObjectNode> trees(String prefix) {
        return under(prefix).stream().map(StoredObject::tree).toList();
    }

    private ObjectNode remembered(StoredObject object) {
        @Nullable Known before = known.get(object.key());
        if (before != null && before.revision() == object.revision()) {
            return before.tree();
        }
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        ObjectNode tree = object.tree();
        known.put(object.key(), new Known(object.revision(), tree));
        return tree;
    }
}
