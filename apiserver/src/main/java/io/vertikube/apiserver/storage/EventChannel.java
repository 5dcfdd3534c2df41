package io.vertikube.apiserver.storage;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The recent events of one type (or of all) and who watches them. Events are appended and dropped by the cache's thread
 * alone; places in it are found from any thread.
 */
final class EventChannel {

    private static final int MILESTONE_EVERY = 128;

    /** In the order in which they came. */
    private final Set<Subscription> subscriptions =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Subscription::number));

    private final ConcurrentSkipListMap<Long, EventLink> milestones = new ConcurrentSkipListMap<>();
    private final AtomicBoolean dirty = new AtomicBoolean();

    /** The last link that was dropped, or the beginning: who stands here has missed nothing. */
    private volatile EventLink floor;

    private volatile EventLink newest;
    private int sinceMilestone;

    EventChannel(long revision) {
        floor = new EventLink(null, revision);
        newest = floor;
    }

    void append(WatchEvent event) {
        var link = new EventLink(event, event.revision());
        if (++sinceMilestone >= MILESTONE_EVERY) {
            sinceMilestone = 0;
            milestones.putIfAbsent(link.revision(), link);
        }
        newest.link(link);
        newest = link;
    }

    /** Drops the oldest event; whoever has not had it yet finds {@link EventLink#GONE}. */
    void dropOldest() {
        EventLink before = floor;
        EventLink victim = before.next();
        if (victim == null) {
            return;
        }
        floor = victim;
        before.link(EventLink.GONE);
        Map.Entry<Long, EventLink> milestone = milestones.firstEntry();
        if (milestone != null && milestone.getValue() == victim) {
            milestones.remove(milestone.getKey());
        }
    }

    EventLink newest() {
        return newest;
    }

    /** The link after which the events later than this revision follow; null if some of them are gone. */
    @Nullable
    EventLink placeAfter(long revision) {
        if (newest.revision() <= revision) {
            return newest;
        }
        Map.Entry<Long, EventLink> milestone = milestones.floorEntry(revision);
        EventLink place = milestone == null ? floor : milestone.getValue();
        if (place.revision() > revision) {
            return null;
        }
        for (EventLink next = place.next(); next != null && next.revision() <= revision; next = place.next()) {
            place = next;
        }
        return place.next() == EventLink.GONE ? null : place;
    }

    void add(Subscription subscription) {
        subscriptions.add(subscription);
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    /** True for whoever marks it first since it was cleared. */
    boolean markDirty() {
        return !subscriptions.isEmpty() && dirty.compareAndSet(false, true);
    }

    void clearDirty() {
        dirty.set(false);
    }
}
