package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * What a write came to.
 *
 * @param tree the object as it is now, or would be after a dry run
 * @param stored the same at rest; null if nothing was stored
 * @param created whether it did not exist before
 */
record Written(ObjectNode tree, @Nullable StoredObject stored, boolean created) {

    static Written stored(StoredObject object, boolean created) {
        return new Written(object.tree(), object, created);
    }

    static Written only(ObjectNode tree, boolean created) {
        return new Written(tree, null, created);
    }
}
