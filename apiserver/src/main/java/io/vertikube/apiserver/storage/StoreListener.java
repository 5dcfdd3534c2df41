package io.vertikube.apiserver.storage;

import java.util.List;

/** Hears a {@link Store#watch}. Calls come one after the other, from a thread of the store that may be blocked. */
public interface StoreListener {

    /**
     * The next changes in order of their revisions; each comes exactly once, and all changes of one revision are in the
     * same call.
     */
    void events(List<StoreEvent> events);

    /** The watch is over: history before its next revision is compacted away. List again, then watch from there. */
    void compacted(long compactedRevision);

    /** The watch is over for a reason that trying again will not mend. */
    void failed(StoreUnavailable why);
}
