package io.vertikube.apiserver.storage;

import io.vertikube.apiserver.storage.tree.SortedTree;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The recent events of all types, bounded in number and in the bytes of overwritten objects they hold on to, with the
 * object tree kept every so many events: from there any revision in between is found again by replaying a few. Changed
 * by the cache's thread alone, read from any.
 */
final class EventHistory {

    private static final int CHECKPOINT_EVERY = 256;
    private static final int EVENT_BYTES = 128;

    private record Held(EventChannel channel, long bytes, long revision) {}

    private record Checkpoint(SortedTree<StoredObject> objects, EventLink place) {}

    private final StorageLimits limits;
    private final long start;
    private final EventChannel all;
    private final ConcurrentHashMap<String, EventChannel> channels = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Checkpoint> checkpoints = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long heldBytes;

    /** Copies for the metrics. */
    private volatile long shownBytes;

    private volatile int shownEvents;
    private int sinceCheckpoint;

    EventHistory(StorageLimits limits, Snapshot beginning) {
        this.limits = limits;
        this.start = beginning.revision();
        this.all = new EventChannel(start);
        checkpoints.put(start, new Checkpoint(beginning.objects(), all.newest()));
    }

    /** Events of this type alone; of every type for the empty string. */
    EventChannel channel(String type) {
        return type.isEmpty() ? all : channels.computeIfAbsent(type, t -> new EventChannel(start));
    }

    Iterable<EventChannel> typeChannels() {
        return channels.values();
    }

    /** Between two revisions: remembers the tree as of the earlier one if it is time. */
    void endOfRevision(long revision, SortedTree<StoredObject> objects) {
        if (sinceCheckpoint >= CHECKPOINT_EVERY) {
            sinceCheckpoint = 0;
            checkpoints.put(revision, new Checkpoint(objects, all.newest()));
        }
    }

    /** @return the channel of the type, which now holds the event */
    EventChannel append(String type, WatchEvent event) {
        EventChannel channel = channel(type);
        channel.append(event);
        all.append(event);
        StoredObject previous = event.previous();
        long bytes = (long) EVENT_BYTES + (previous == null ? 0 : previous.json().length);
        held.add(new Held(channel, bytes, event.revision()));
        heldBytes += bytes;
        sinceCheckpoint++;
        return channel;
    }

    /** Drops the oldest events beyond the limits. */
    void trim() {
        while (held.size() > limits.historyEvents() || heldBytes > limits.historyBytes()) {
            Held oldest = held.poll();
            if (oldest == null) {
                break;
            }
            heldBytes -= oldest.bytes();
            oldest.channel().dropOldest();
            all.dropOldest();
            checkpoints.headMap(oldest.revision(), false).clear();
        }
        shownBytes = heldBytes;
        shownEvents = held.size();
    }

    /** All objects as of a revision that has been published; empty if it is too long ago. */
    Optional<Snapshot> exactly(long revision) {
        Map.Entry<Long, Checkpoint> nearest = checkpoints.floorEntry(revision);
        if (nearest == null) {
            return Optional.empty();
        }
        SortedTree<StoredObject> objects = nearest.getValue().objects();
        EventLink link = nearest.getValue().place().next();
        while (link != null && link.revision() <= revision) {
            WatchEvent event = link.event();
            String key = event.object().key();
            objects = switch (event.type()) {
                case PUT -> objects.with(key, event.object());
                case DELETE -> objects.without(key);
            };
            link = link.next();
        }
        return link == EventLink.GONE ? Optional.empty() : Optional.of(new Snapshot(revision, objects));
    }

    int events() {
        return shownEvents;
    }

    long bytes() {
        return shownBytes;
    }
}
