package io.vertikube.apiserver.storage;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a poll brought. Immutable.
 *
 * @param events the next events in order
 * @param revision everything of this subscription up to and including this revision has now been handed out: the
 *     revision of a bookmark sent after these events
 * @param ended why no more will come, or null while it goes on; events and end never come together
 */
public record WatchBatch(
        List<WatchEvent> events, long revision, @Nullable End ended) {

    public WatchBatch {
        events = List.copyOf(events);
    }

    /** Why a subscription is over. */
    public enum End {
        /** The watcher fell behind the history that is kept: 410, list again. */
        TOO_OLD,
        /** The server closes its storage, or the subscription was closed. */
        CLOSED
    }

    public Optional<End> end() {
        return Optional.ofNullable(ended);
    }

    /** Nothing now; the sink will be told when there is something. */
    public boolean isEmpty() {
        return events.isEmpty() && ended == null;
    }
}
