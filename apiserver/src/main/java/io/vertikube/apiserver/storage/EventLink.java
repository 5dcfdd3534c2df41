package io.vertikube.apiserver.storage;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event in the chain of its type; a watcher's place is the last link it has handed out. Forward links only: what no
 * watcher and no history holds is garbage. Linked by the cache's thread, followed by any.
 */
final class EventLink {

    /** Follows a link whose successor has been dropped from the history: who stands there is too late. */
    static final EventLink GONE = new EventLink(null, Long.MAX_VALUE);

    private final @Nullable WatchEvent event;
    private final long revision;
    private volatile @Nullable EventLink next;

    EventLink(@Nullable WatchEvent event, long revision) {
        this.event = event;
        this.revision = revision;
    }

    /** Present on every link but the first of a chain and {@link #GONE}. */
    WatchEvent event() {
        return Objects.requireNonNull(event);
    }

    long revision() {
        return revision;
    }

    @Nullable
    EventLink next() {
        return next;
    }

    void link(EventLink following) {
        next = following;
    }
}
