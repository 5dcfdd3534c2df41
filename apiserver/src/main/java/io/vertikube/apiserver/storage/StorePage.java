package io.vertikube.apiserver.storage;

import java.util.List;

/**
 * A page of a range. Immutable.
 *
 * @param revision the revision all of the range was read at
 * @param more whether keys follow after the last one of this page
 */
public record StorePage(List<StoreEntry> entries, long revision, boolean more) {
    public StorePage {
        entries = List.copyOf(entries);
    }
}
