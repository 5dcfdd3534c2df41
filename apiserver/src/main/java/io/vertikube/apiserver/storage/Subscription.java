package io.vertikube.apiserver.storage;

import io.vertikube.apiserver.storage.WatchBatch.End;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One watcher's place in the event history. It pulls at its own pace: one that falls behind the history is told so and
 * delays nobody. Safe for any thread, though one at a time polls.
 */
public final class Subscription implements AutoCloseable {

    private final long number;
    private final EventChannel channel;
    private final String prefix;
    private final long from;
    private final Predicate<WatchEvent> interest;
    private final WatchSink sink;
    private final LongSupplier published;

    private EventLink place;
    private boolean asleep;
    private @Nullable End ended;

    /** @param number how many came before, to any channel */
    Subscription(
            long number,
            EventChannel channel,
            EventLink place,
            String prefix,
            long from,
            Predicate<WatchEvent> interest,
            WatchSink sink,
            LongSupplier published) {
        this.number = number;
        this.channel = channel;
        this.place = place;
        this.prefix = prefix;
        this.from = from;
        this.interest = interest;
        this.sink = sink;
        this.published = published;
    }

    long number() {
        return number;
    }

    /**
     * The next events, at most so many (a few more where one revision changed several objects); an empty batch when
     * there are none now, after which the sink is told once when there are. Never blocks.
     */
    public synchronized WatchBatch poll(int most) {
        if (ended != null) {
            return new WatchBatch(List.of(), 0, ended);
        }
        long upTo = published.getAsLong();
        List<WatchEvent> events = null;
        for (EventLink next = place.next(); next != null && next.revision() <= upTo; next = place.next()) {
            WatchEvent event = next.event();
            if (isWanted(event)) {
                if (events == null) {
                    events = new ArrayList<>();
                } else if (events.size() >= most && event.revision() != place.revision()) {
                    return new WatchBatch(events, place.revision(), null);
                }
                events.add(event);
            }
            place = next;
        }
        if (events != null) {
            boolean behind = place.next() == EventLink.GONE;
            return new WatchBatch(events, behind ? place.revision() : upTo, null);
        }
        if (place.next() == EventLink.GONE) {
            return finished(End.TOO_OLD);
        }
        asleep = true;
        return new WatchBatch(List.of(), Math.max(upTo, from), null);
    }

    private WatchBatch finished(End why) {
        ended = why;
        channel.remove(this);
        return new WatchBatch(List.of(), 0, why);
    }

    private boolean isWanted(WatchEvent event) {
        return event.revision() > from && event.object().key().startsWith(prefix) && interest.test(event);
    }

    /** Passes over what is not wanted; tells the sink if something is. Called when the channel has news. */
    void wake() {
        if (hasNews()) {
            sink.available();
        }
    }

    private synchronized boolean hasNews() {
        if (!asleep || ended != null) {
            return false;
        }
        long upTo = published.getAsLong();
        for (EventLink next = place.next(); next != null; next = place.next()) {
            if (next == EventLink.GONE) {
                asleep = false;
                return true;
            }
            if (next.revision() > upTo) {
                return false;
            }
            if (isWanted(next.event())) {
                asleep = false;
                return true;
            }
            place = next;
        }
        return false;
    }

    /** Ends it from the side of the storage. */
    void end(End why) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            finished(why);
        }
        sink.available();
    }

    /** No more events; the sink is not called any more. */
    @Override
    public synchronized void close() {
        if (ended == null) {
            finished(End.CLOSED);
        }
    }
}
