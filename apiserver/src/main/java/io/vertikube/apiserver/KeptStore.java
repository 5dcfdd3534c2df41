package io.vertikube.apiserver;

import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreEntry;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StorePage;
import io.vertikube.apiserver.storage.StoreWatch;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A store that outlives the server that closes it. Safe for any thread. */
record KeptStore(Store store) implements Store {

    @Override
    public long currentRevision() {
        return store.currentRevision();
    }

    @Override
    public OptionalLong knownRevision() {
        return store.knownRevision();
    }

    @Override
    public Optional<StoreEntry> get(String key) {
        return store.get(key);
    }

    @Override
    public StorePage range(String prefix, @Nullable String startAfter, int limit, long revision) {
        return store.range(prefix, startAfter, limit, revision);
    }

    @Override
    public long create(String key, byte[] value, long leaseSeconds) throws KeyExists {
        return store.create(key, value, leaseSeconds);
    }

    @Override
    public long update(String key, byte[] value, long expectedRevision, long leaseSeconds) throws RevisionMismatch {
        return store.update(key, value, expectedRevision, leaseSeconds);
    }

    @Override
    public StoreEntry delete(String key, long expectedRevision) throws RevisionMismatch {
        return store.delete(key, expectedRevision);
    }

    @Override
    public StoreWatch watch(String prefix, long fromRevision, StoreListener listener) {
        return store.watch(prefix, fromRevision, listener);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    /** Leaves the store open: its owner closes it. */
    @Override
    public void close() {}
}
