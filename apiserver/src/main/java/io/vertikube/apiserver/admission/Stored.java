package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How plugins look at stored objects: what is there is taken from memory, what seems missing is looked for once more
 * with a fresh read, because the cache may be a moment behind. Safe for any thread.
 */
final class Stored {

    private final ObjectStorage storage;

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

    Collection<StoredObject> under(String prefix) {
        return storage.snapshot(Read.any()).under(prefix).values();
    }

    List<ObjectNode> trees(String prefix) {
        return under(prefix).stream().map(StoredObject::tree).toList();
    }
}
