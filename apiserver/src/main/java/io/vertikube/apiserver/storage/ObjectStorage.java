package io.vertikube.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * All objects of the server: writes go through to the store and block until durable (call them from virtual threads);
 * reads and watches are served from memory. Safe for any thread.
 */
public final class ObjectStorage implements AutoCloseable {

    /** Loads the whole store into memory and follows it from there; blocks until that is done. */
    public ObjectStorage(Store store, FieldPaths selectable, StorageLimits limits, MeterRegistry metrics) {
        throw new UnsupportedOperationException();
    }

    /** The revision the cache stands at. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /** A snapshot as fresh as asked for; waits for that, so not on an event loop. */
    public Snapshot snapshot(Read how) {
        return read(how).join();
    }

    /** The same without blocking. */
    public CompletableFuture<Snapshot> read(Read how) {
        throw new UnsupportedOperationException();
    }

    public StoredObject create(String key, ObjectNode object) throws KeyExists {
        throw new UnsupportedOperationException();
    }

    public StoredObject create(String key, ObjectNode object, Duration timeToLive) throws KeyExists {
        throw new UnsupportedOperationException();
    }

    public StoredObject update(String key, long expectedRevision, ObjectNode object) throws RevisionMismatch {
        throw new UnsupportedOperationException();
    }

    public StoredObject delete(String key, long expectedRevision) throws RevisionMismatch {
        throw new UnsupportedOperationException();
    }

    /** The object an entry of the store is, for instance {@link RevisionMismatch#current()}. */
    public StoredObject objectOf(StoreEntry entry) {
        throw new UnsupportedOperationException();
    }

    /** Watches everything under a prefix, from right after a revision. */
    public Subscription watch(String prefix, long fromRevision, WatchSink sink) {
        return watch(prefix, fromRevision, event -> true, sink);
    }

    /** The same for events that pass a cheap test on headers; the others neither wake the sink nor are handed out. */
    public Subscription watch(String prefix, long fromRevision, Predicate<WatchEvent> interest, WatchSink sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
