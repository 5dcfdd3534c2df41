package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.function.BiPredicate;

/**
 * An object that must be in the store. Immutable but for its tree, which is used once.
 *
 * @param mend changes a stored object (first) until it is as this one (second) demands; true if it changed something
 */
record Wanted(String key, ObjectNode object, BiPredicate<ObjectNode, ObjectNode> mend) {

    static final String NAMESPACES = "/registry/core/namespaces/";

    boolean isNamespace() {
        return key.startsWith(NAMESPACES);
    }

    /** Being there is enough. */
    static Wanted present(String key, ObjectNode object) {
        return new Wanted(key, object, (stored, wanted) -> false);
    }

    /** One field of it is always as given. */
    static Wanted with(String key, ObjectNode object, String field) {
        return new Wanted(key, object, (stored, wanted) -> {
            if (Trees.equal(stored.path(field), wanted.path(field))) {
                return false;
            }
            stored.set(field, wanted.path(field));
            return true;
        });
    }
}
