package io.vertikube.apiserver.storage;

import io.vertikube.client.Pace;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the store at regular intervals to where it stood one interval ago, so that history reaches back one to two
 * intervals. Several servers may do this to one store: each leaves at least that much, and what is compacted already is
 * no matter. Runs in a virtual thread of its own.
 */
final class Compactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final Store store;
    private final Duration interval;
    private final Pace pace;
    private final Thread thread;

    Compactor(Store store, Duration interval, Pace pace) {
        this.store = store;
        this.interval = interval;
        this.pace = pace;
        thread = Thread.ofVirtual().name("compactor").start(this::run);
    }

    private void run() {
        long before = 0;
        try {
            while (true) {
                pace.sleep(interval);
                before = compactTo(before);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return where the store stands now */
    private long compactTo(long revision) {
        try {
            long now = store.currentRevision();
            if (revision > 0) {
                store.compact(revision);
            }
            return now;
        } catch (StoreException e) {
            LOG.warn(
                    "History up to revision {} could not be compacted; it is tried again in {}", revision, interval, e);
            return revision;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
