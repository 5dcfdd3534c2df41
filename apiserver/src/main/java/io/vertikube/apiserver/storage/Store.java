package io.vertikube.apiserver.storage;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Keys with values under one revision counter that grows with every write, and the history of them until compaction.
 * Every method may block on disk or network, so it is called from virtual or platform threads and never from an event
 * loop. Safe for any thread.
 *
 * <p>A write that returned is durable and is seen by every later {@link #currentRevision()}. All methods throw {@link
 * StoreUnavailable} when the store cannot be reached or has failed.
 */
public interface Store extends AutoCloseable {

    /** The revision of the newest write acknowledged anywhere before this call (linearizable). */
    long currentRevision();

    /** The current revision when it can be told without asking anybody, else empty. Never blocks. */
    default OptionalLong knownRevision() {
        return OptionalLong.empty();
    }

    /** The key as it is now (linearizable). */
    Optional<StoreEntry> get(String key);

    /**
     * One page of keys in ascending order.
     *
     * @param startAfter the last key of the page before, or null for the first page
     * @param limit how many entries at most, at least 1
     * @param revision as of which revision, 0 for now
     * @throws RevisionCompacted if the history no longer reaches back to it
     * @throws RevisionInFuture if it has not been reached yet
     */
    StorePage range(String prefix, @Nullable String startAfter, int limit, long revision);

    /**
     * Writes a key that must not exist.
     *
     * @param leaseSeconds how long it lives at least, 0 for ever
     * @return the revision of the write
     */
    long create(String key, byte[] value, long leaseSeconds) throws KeyExists;

    /**
     * Replaces the value of a key that must stand at {@code expectedRevision}; the lease is replaced too.
     *
     * @return the revision of the write
     */
    long update(String key, byte[] value, long expectedRevision, long leaseSeconds) throws RevisionMismatch;

    /**
     * Removes a key that must stand at {@code expectedRevision}.
     *
     * @return the value that was removed, with the revision of the delete
     */
    StoreEntry delete(String key, long expectedRevision) throws RevisionMismatch;

    /**
     * Follows all changes of keys with this prefix, later than {@code fromRevision}, until closed. The empty prefix
     * means every key of the store: then every revision brings at least one event.
     */
    StoreWatch watch(String prefix, long fromRevision, StoreListener listener);

    /** Forgets what was overwritten or deleted at or before this revision; reads older than it are refused from then. */
    void compact(long revision);

    @Override
    void close();
}
