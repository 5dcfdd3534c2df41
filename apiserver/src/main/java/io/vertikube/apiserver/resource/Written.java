package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a write came to. Immutable, but for the tree.
 *
 * @param made the object as it would be, or as the client shall see it; null if it is what was stored
 * @param stored the object at rest; null if nothing was stored
 * @param created whether it did not exist before
 */
record Written(@Nullable ObjectNode made, @Nullable StoredObject stored, boolean created) {

    static Written stored(StoredObject object, boolean created) {
        return new Written(null, object, created);
    }

    static Written only(ObjectNode tree, boolean created) {
        return new Written(tree, null, created);
    }

    /** The object as it is now, or would be after a dry run; parsed here, as most answers are the stored bytes. */
    ObjectNode tree() {
        return stored == null ? Objects.requireNonNull(made) : stored.tree();
    }
}
