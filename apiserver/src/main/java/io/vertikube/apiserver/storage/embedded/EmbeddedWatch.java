package io.vertikube.apiserver.storage.embedded;

import io.vertikube.apiserver.storage.StoreEvent;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.apiserver.storage.StoreWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads the journal from its own place on, as far as it is durable, in a virtual thread of its own: a slow listener
 * delays neither writers nor other watches.
 */
final class EmbeddedWatch implements StoreWatch {

    private static final int MOST_AT_ONCE = 512;

    private final EmbeddedStore store;
    private final String prefix;
    private final StoreListener listener;
    private final Thread thread;
    private volatile boolean closed;
    private long next;

    EmbeddedWatch(EmbeddedStore store, String prefix, long from, StoreListener listener) {
        this.store = store;
        this.prefix = prefix;
        this.listener = listener;
        this.next = from + 1;
        this.thread = Thread.ofVirtual().name("store-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There may be something new. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!closed) {
                long durable = store.currentRevision();
                if (durable < next) {
                    LockSupport.park(this);
                } else if (!deliver(Math.min(durable, next + MOST_AT_ONCE - 1))) {
                    return;
                }
            }
        } catch (StoreUnavailable e) {
            if (!closed) {
                listener.failed(e);
            }
        } finally {
            store.forget(this);
        }
    }

    private boolean deliver(long last) {
        List<StoreEvent> events = new ArrayList<>();
        while (next <= last) {
            Change change = store.change(next);
            if (change == null) {
                return gone(events);
            }
            if (change.key().startsWith(prefix)) {
                events.add(new StoreEvent(change.key(), change.revision(), change.value()));
            }
            next++;
        }
        if (!events.isEmpty() && !closed) {
            listener.events(events);
        }
        return true;
    }

    private boolean gone(List<StoreEvent> events) {
        if (!closed) {
            if (!events.isEmpty()) {
                listener.events(events);
            }
            listener.compacted(store.compactedRevision());
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
