package io.vertikube.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, with the revision it stands for. Immutable.
 *
 * @param continueToken asks for the next page; null on the last
 */
public record ItemList<T>(
        List<T> items, String resourceVersion, @Nullable String continueToken) {

    public ItemList {
        items = List.copyOf(items);
    }
}
