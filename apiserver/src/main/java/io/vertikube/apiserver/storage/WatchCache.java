package io.vertikube.apiserver.storage;

import io.vertikube.apiserver.storage.WatchBatch.End;
import io.vertikube.apiserver.storage.tree.SortedTree;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects in memory, fed by one watch over every key of the store, so that the revision it stands at is known
 * exactly even where the last writes were nobody's objects. Changes come from the store's watch thread and are applied
 * under this object's lock; snapshots and places in the history are taken from any thread without it.
 */
final class WatchCache implements StoreListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchCache.class);

    private static final Duration RELOAD_PAUSE = Duration.ofSeconds(1);

    private final Store store;
    private final HeaderReader headers;
    private final StorageLimits limits;
    private final AtomicLong watchers = new AtomicLong();
    private final RevisionWaiters waiters = new RevisionWaiters();
    private final WakeUps wakeUps = new WakeUps();

    private volatile Snapshot published = new Snapshot(0, SortedTree.empty());
    private volatile EventHistory history;
    private volatile @Nullable String trouble;
    private volatile boolean closed;
    private @Nullable StoreWatch watch;

    WatchCache(Store store, HeaderReader headers, StorageLimits limits) {
        this.store = store;
        this.headers = headers;
        this.limits = limits;
        this.history = new EventHistory(limits, published);
    }

    /** Loads everything, then follows the store from there. Blocks until loaded. */
    synchronized void start() {
        Snapshot loaded = load();
        history = new EventHistory(limits, loaded);
        published = loaded;
        waiters.reached(loaded.revision());
        watch = store.watch("", loaded.revision(), this);
    }

    private Snapshot load() {
        while (true) {
            try {
                return loadAtOneRevision();
            } catch (RevisionCompacted e) {
                LOG.info("History was compacted while the cache was loading; loading it again");
            }
        }
    }

    private Snapshot loadAtOneRevision() {
        SortedTree<StoredObject> objects = SortedTree.empty();
        String last = null;
        long revision = 0;
        while (true) {
            StorePage page = store.range(Keys.ROOT, last, limits.pageEntries(), revision);
            revision = page.revision();
            for (StoreEntry entry : page.entries()) {
                Optional<StoredObject> object = headers.read(entry.key(), entry.revision(), entry.value());
                if (object.isPresent()) {
                    objects = objects.with(entry.key(), object.get());
                }
                last = entry.key();
            }
            if (!page.more()) {
                return new Snapshot(revision, objects);
            }
        }
    }

    @Override
    public synchronized void events(List<StoreEvent> events) {
        Snapshot before = published;
        SortedTree<StoredObject> objects = before.objects();
        long revision = before.revision();
        Set<EventChannel> touched = new LinkedHashSet<>();
        for (StoreEvent event : events) {
            if (event.revision() <= before.revision()) {
                continue;
            }
            if (event.revision() > revision) {
                history.endOfRevision(revision, objects);
                revision = event.revision();
            }
            WatchEvent change = change(event, objects.get(event.key()));
            if (change != null) {
                objects = change.type() == WatchEvent.Type.DELETE
                        ? objects.without(event.key())
                        : objects.with(event.key(), change.object());
                touched.add(history.append(Keys.typeOf(event.key()), change));
            }
        }
        if (revision > before.revision()) {
            published = new Snapshot(revision, objects);
            history.trim();
            waiters.reached(revision);
            touched.forEach(wakeUps::of);
            wakeUps.of(history.channel(""));
        }
    }

    /** What the event means for our objects; null if nothing. */
    private @Nullable WatchEvent change(StoreEvent event, @Nullable StoredObject previous) {
        byte[] value = event.value();
        if (value != null && event.key().startsWith(Keys.ROOT)) {
            Optional<StoredObject> object = headers.read(event.key(), event.revision(), value);
            if (object.isPresent()) {
                return new WatchEvent(WatchEvent.Type.PUT, object.get(), previous);
            }
            LOG.warn("{} at revision {} holds no object and is passed over", event.key(), event.revision());
        }
        return previous == null
                ? null
                : new WatchEvent(WatchEvent.Type.DELETE, previous.at(event.revision()), previous);
    }

    /** The store's history has left us behind: everything is read anew, and watchers have to list again. */
    @Override
    public synchronized void compacted(long compactedRevision) {
        if (closed) {
            return;
        }
        LOG.warn(
                "The cache stood at revision {} when history was compacted at {}; loading it again",
                published.revision(),
                compactedRevision);
        EventHistory old = history;
        while (!closed && !startedAgain()) {
            LockSupport.parkNanos(this, RELOAD_PAUSE.toNanos());
        }
        endAll(old, End.TOO_OLD);
    }

    private boolean startedAgain() {
        try {
            start();
            trouble = null;
            return true;
        } catch (StoreUnavailable e) {
            failed(e);
            return false;
        }
    }

    @Override
    public void failed(StoreUnavailable why) {
        if (!closed) {
            trouble = "the watch cache stands still at revision " + revision() + ": " + why.getMessage();
            LOG.error("The watch cache stands still at revision {}", revision(), why);
        }
    }

    /** Reads the headers of a type's objects again, after its selectable fields have changed. */
    synchronized void refreshHeaders(String storagePrefix) {
        headers.forget(storagePrefix);
        Snapshot before = published;
        SortedTree<StoredObject> objects = before.objects();
        for (StoredObject object : before.under(storagePrefix).values()) {
            Optional<StoredObject> again = headers.read(object.key(), object.revision(), object.json());
            if (again.isPresent()) {
                objects = objects.with(object.key(), again.get());
            }
        }
        published = new Snapshot(before.revision(), objects);
    }

    Snapshot published() {
        return published;
    }

    long revision() {
        return published.revision();
    }

    RevisionWaiters waiters() {
        return waiters;
    }

    Optional<Snapshot> exactly(long revision) {
        Snapshot now = published;
        return now.revision() == revision ? Optional.of(now) : history.exactly(revision);
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Empty if events after that revision are gone from the history. */
    Optional<Subscription> subscribe(String prefix, long from, Predicate<WatchEvent> interest, WatchSink sink) {
        EventHistory current = history;
        EventChannel channel = current.channel(Keys.typeOf(prefix));
        EventLink place = channel.placeAfter(from);
        if (place == null) {
            return Optional.empty();
        }
        var subscription = new Subscription(
                watchers.incrementAndGet(), channel, place, prefix, from, interest, sink, this::revision);
        channel.add(subscription);
        if (closed) {
            subscription.end(End.CLOSED);
        } else if (history != current) {
            subscription.end(End.TOO_OLD);
        }
        return Optional.of(subscription);
    }

    int historyEvents() {
        return history.events();
    }

    long historyBytes() {
        return history.bytes();
    }

    int watchers() {
        int watchers = history.channel("").subscriptions().size();
        for (EventChannel channel : history.typeChannels()) {
            watchers += channel.subscriptions().size();
        }
        return watchers;
    }

    private static void endAll(EventHistory history, End why) {
        history.channel("").subscriptions().forEach(s -> s.end(why));
        history.typeChannels().forEach(channel -> channel.subscriptions().forEach(s -> s.end(why)));
    }

    @Override
    public void close() {
        closed = true;
        StoreWatch running;
        synchronized (this) {
            running = watch;
        }
        if (running != null) {
            running.close();
        }
        wakeUps.close();
        endAll(history, End.CLOSED);
    }
}
