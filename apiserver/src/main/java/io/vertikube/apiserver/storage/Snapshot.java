package io.vertikube.apiserver.storage;

import io.vertikube.apiserver.storage.tree.SortedTree;
import java.util.NavigableMap;
import java.util.Optional;

/** All objects of all types as of one revision: a pointer to an immutable tree, free to take and to keep. Immutable. */
public final class Snapshot {

    private final long revision;
    private final SortedTree<StoredObject> objects;

    Snapshot(long revision, SortedTree<StoredObject> objects) {
        this.revision = revision;
        this.objects = objects;
    }

    /** The {@code resourceVersion} of a list made from this snapshot. */
    public long revision() {
        return revision;
    }

    /**
     * The objects whose key begins with this, in order of their keys: a view that costs nothing, with {@code size()}
     * and {@code tailMap(key, false)} in logarithmic time.
     */
    public NavigableMap<String, StoredObject> under(String prefix) {
        return objects.under(prefix);
    }

    public Optional<StoredObject> get(String key) {
        return Optional.ofNullable(objects.get(key));
    }

    SortedTree<StoredObject> objects() {
        return objects;
    }
}
