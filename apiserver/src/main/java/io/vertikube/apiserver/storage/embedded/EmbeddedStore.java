package io.vertikube.apiserver.storage.embedded;

import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.RevisionCompacted;
import io.vertikube.apiserver.storage.RevisionInFuture;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.apiserver.storage.StoreEntry;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StorePage;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.apiserver.storage.StoreWatch;
import io.vertikube.client.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of one server, in one file or in memory: a journal of changes by revision, and in memory which revisions
 * each key has had. Writes and reads are done one after the other ({@link WriteTurns}) by a thread that no caller can interrupt, watches
 * read beside it as far as revisions are durable. Safe for any thread.
 */
public final class EmbeddedStore implements Store {

    /** Where an empty store stands, as in etcd. */
    static final long FIRST_REVISION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);
    private static final int COMPACT_AT_ONCE = 1_000;
    private static final Duration EXPIRY_CHECK = Duration.ofMillis(250);

    private final Journal journal;
    private final Pace pace;
    private final VersionIndex index = new VersionIndex();
    private final Leases leases;
    private final WriteTurns turns;
    private final Set<EmbeddedWatch> watches = new CopyOnWriteArraySet<>();
    private final Thread expiry;

    /** The newest revision in the index; only within a turn. */
    private long newest;

    private volatile long durable;
    private volatile long compacted;
    private volatile boolean closing;

    private EmbeddedStore(Journal journal, InstantSource clock, Pace pace) {
        this.journal = journal;
        this.pace = pace;
        this.leases = new Leases(clock);
        journal.replay(change -> {
            index.add(change);
            leases.add(change);
        });
        this.newest = journal.newest();
        this.durable = newest;
        this.compacted = journal.compacted();
        this.turns = new WriteTurns(journal, this::publish);
        this.expiry = Thread.ofVirtual().name("store-expiry").unstarted(this::expire);
    }

    private static EmbeddedStore start(Journal journal, InstantSource clock, Pace pace) {
        var store = new EmbeddedStore(journal, clock, pace);
        store.expiry.start();
        return store;
    }

    /** A store that is gone when it is closed. */
    public static EmbeddedStore inMemory() {
        return inMemory(InstantSource.system());
    }

    /** The same with leases that end by another clock. */
    public static EmbeddedStore inMemory(InstantSource clock) {
        return inMemory(clock, Pace.ofMachine());
    }

    /** The same; ends of leases are looked for at a pace of its own. */
    public static EmbeddedStore inMemory(InstantSource clock, Pace pace) {
        return start(new MemoryJournal(), clock, pace);
    }

    /**
     * The store in a file, which is made if it is missing.
     *
     * @throws io.vertikube.apiserver.storage.StoreUnavailable if it is in use, unreadable or damaged
     */
    public static EmbeddedStore open(Path file) {
        Journal journal = FileJournal.open(file);
        try {
            return start(journal, InstantSource.system(), Pace.ofMachine());
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    @Override
    public long currentRevision() {
        turns.check();
        return durable;
    }

    @Override
    public OptionalLong knownRevision() {
        return OptionalLong.of(durable);
    }

    @Override
    public Optional<StoreEntry> get(String key) {
        return turns.submit(() -> {
            long version = index.at(key, durable);
            Change change = version == 0 ? null : journal.at(version);
            return Optional.ofNullable(change).map(EmbeddedStore::entry);
        });
    }

    private static StoreEntry entry(Change change) {
        byte[] value = change.value();
        return new StoreEntry(change.key(), value == null ? new byte[0] : value, change.revision());
    }

    @Override
    public StorePage range(String prefix, @Nullable String startAfter, int limit, long revision) {
        return turns.submit(() -> page(prefix, startAfter, limit, revision));
    }

    private StorePage page(String prefix, @Nullable String startAfter, int limit, long revision) {
        long now = durable;
        if (revision > now) {
            throw new RevisionInFuture(revision, now);
        }
        long asOf = revision == 0 ? now : revision;
        if (asOf < compacted) {
            throw new RevisionCompacted(asOf, compacted);
        }
        List<StoreEntry> entries = new ArrayList<>();
        for (Long version : index.range(prefix, startAfter, limit + 1, asOf)) {
            Change change = journal.at(version);
            if (change != null) {
                entries.add(entry(change));
            }
        }
        boolean more = entries.size() > limit;
        return new StorePage(more ? entries.subList(0, limit) : entries, asOf, more);
    }

    @Override
    public long create(String key, byte[] value, long leaseSeconds) {
        return turns.submit(() -> {
            if (index.at(key, newest) != 0) {
                throw new KeyExists(key);
            }
            return append(key, value, leaseSeconds);
        });
    }

    @Override
    public long update(String key, byte[] value, long expectedRevision, long leaseSeconds) {
        return turns.submit(() -> {
            require(key, expectedRevision);
            return append(key, value, leaseSeconds);
        });
    }

    @Override
    public StoreEntry delete(String key, long expectedRevision) {
        return turns.submit(() -> {
            StoreEntry last = require(key, expectedRevision);
            return new StoreEntry(key, last.value(), append(key, null, 0));
        });
    }

    private StoreEntry require(String key, long expected) {
        long version = index.at(key, newest);
        Change current = version == 0 ? null : journal.at(version);
        if (current == null || version != expected) {
            throw new RevisionMismatch(key, expected, current == null ? null : entry(current));
        }
        return entry(current);
    }

    private long append(String key, byte @Nullable [] value, long leaseSeconds) {
        var change = new Change(newest + 1, key, value, leases.expiry(leaseSeconds));
        journal.append(change);
        newest = change.revision();
        index.add(change);
        leases.add(change);
        return newest;
    }

    /** Within a turn: all that was appended is durable now. */
    private void publish() {
        durable = newest;
        watches.forEach(EmbeddedWatch::wake);
    }

    @Override
    public StoreWatch watch(String prefix, long fromRevision, StoreListener listener) {
        turns.check();
        var watch = new EmbeddedWatch(this, prefix, fromRevision, listener);
        watches.add(watch);
        watch.start();
        return watch;
    }

    void forget(EmbeddedWatch watch) {
        watches.remove(watch);
    }

    /** The change of a revision; null if history no longer reaches back to it. */
    @Nullable
    Change change(long revision) {
        return revision <= compacted ? null : journal.at(revision);
    }

    long compactedRevision() {
        return compacted;
    }

    @Override
    public void compact(long revision) {
        boolean isNew = turns.submit(() -> {
            if (revision <= compacted || revision > durable) {
                return false;
            }
            journal.setCompacted(revision);
            compacted = revision;
            return true;
        });
        if (!isNew) {
            return;
        }
        List<String> stale = index.stale("", COMPACT_AT_ONCE, revision);
        while (!stale.isEmpty()) {
            List<String> keys = stale;
            turns.submit(() -> {
                keys.forEach(key -> journal.forget(index.compact(key, revision)));
                return keys.size();
            });
            stale = index.stale(keys.getLast(), COMPACT_AT_ONCE, revision);
        }
        turns.submit(() -> {
            journal.tidy();
            return 0;
        });
    }

    private void expire() {
        try {
            while (true) {
                pace.sleep(EXPIRY_CHECK);
                List<Long> due = leases.due();
                if (!due.isEmpty()) {
                    turns.submit(() -> expire(due));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreUnavailable e) {
            if (!closing) {
                LOG.warn("Leases no longer end: {}", e.getMessage());
            }
        }
    }

    private int expire(List<Long> due) {
        int expired = 0;
        for (Long revision : due) {
            Change change = journal.at(revision);
            if (change != null && index.at(change.key(), newest) == revision) {
                append(change.key(), null, 0);
                expired++;
            }
        }
        return expired;
    }

    @Override
    public void close() {
        closing = true;
        expiry.interrupt();
        watches.forEach(EmbeddedWatch::close);
        turns.close();
        journal.close();
    }
}
