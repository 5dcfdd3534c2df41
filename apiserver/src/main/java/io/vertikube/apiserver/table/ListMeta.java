package io.vertikube.apiserver.table;

import org.jspecify.annotations.Nullable;

/**
 * The metadata of a list. Immutable.
 *
 * @param continueToken empty if the list is complete
 * @param remaining how many objects follow; null if that is not known or none do
 */
public record ListMeta(
        String resourceVersion,
        String continueToken,
        @Nullable Long remaining) {

    public static ListMeta at(String resourceVersion) {
        return new ListMeta(resourceVersion, "", null);
    }
}
