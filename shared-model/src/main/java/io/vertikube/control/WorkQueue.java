package io.vertikube.control;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait for work. A key stands in the queue once, is never handed to two workers at a time, and one that is
 * added while it is worked on is handed out again afterwards. Safe for any thread.
 */
public final class WorkQueue<K> {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(5);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(1000);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<K> ready = new ArrayDeque<>();
    private final Set<K> dirty = new HashSet<>();
    private final Set<K> working = new HashSet<>();
    private final Map<K, Long> due = new HashMap<>();
    private final PriorityQueue<Delayed<K>> delayed =
            new PriorityQueue<>((a, b) -> Long.compare(a.atNanos - b.atNanos, 0));
    private final Map<K, Integer> failures = new HashMap<>();
    private final Watcher watcher;
    private boolean closed;

    /** Told of what happens to keys, under the queue's lock. */
    interface Watcher {
        /** A key waits that did not. */
        default void added(Object key) {}

        /** A worker has it. */
        default void taken(Object key) {}

        /** The worker gave it back. */
        default void done(Object key) {}
    }

    public WorkQueue(Time time) {
        this(time, new Watcher() {});
    }

    WorkQueue(Time time, Watcher watcher) {
        this.time = time;
        this.watcher = watcher;
    }

    /** Adds a key to be worked on now. */
    public void add(K key) {
        lock.lock();
        try {
            addLocked(key);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a key after a time; of several times the soonest counts. */
    public void addAfter(K key, Duration delay) {
        lock.lock();
        try {
            if (delay.isZero() || delay.isNegative()) {
                addLocked(key);
                return;
            }
            long at = time.nanos() + delay.toNanos();
            Long earlier = due.get(key);
            if (earlier == null || at - earlier < 0) {
                due.put(key, at);
                delayed.add(new Delayed<>(key, at));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a key that failed, after 5 ms, 10 ms, … up to 1000 s. */
    public void addAfterFailure(K key) {
        addAfter(key, backoff(key));
    }

    /** Forgets the failures of a key. */
    public void succeeded(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a key; the caller must call {@link #done} with it. Null once the queue is closed. */
    public @Nullable K take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long waitNanos = releaseDue();
                K key = ready.poll();
                if (key != null) {
                    dirty.remove(key);
                    working.add(key);
                    watcher.taken(key);
                    return key;
                }
                if (waitNanos < 0) {
                    changed.await();
                } else {
                    time.await(changed, lock, Duration.ofNanos(waitNanos));
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a key back; it is handed out again if it was added meanwhile. */
    public void done(K key) {
        lock.lock();
        try {
            working.remove(key);
            watcher.done(key);
            if (dirty.contains(key)) {
                ready.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many keys wait, without the delayed ones. */
    public int depth() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void addLocked(K key) {
        if (!dirty.add(key)) {
            return;
        }
        watcher.added(key);
        if (!working.contains(key)) {
            ready.add(key);
            changed.signal();
        }
    }

    private Duration backoff(K key) {
        lock.lock();
        try {
            int times = failures.merge(key, 1, Integer::sum) - 1;
            Duration delay = FIRST_BACKOFF.multipliedBy(1L << Math.min(times, 20));
            return delay.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : delay;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what is due to the ready ones; nanoseconds until the next is due, or -1. */
    private long releaseDue() {
        long now = time.nanos();
        for (Delayed<K> next = delayed.peek(); next != null; next = delayed.peek()) {
            Long wanted = due.get(next.key);
            if (wanted == null || wanted != next.atNanos) {
                delayed.poll();
            } else if (next.atNanos - now <= 0) {
                delayed.poll();
                due.remove(next.key);
                addLocked(next.key);
            } else {
                return next.atNanos - now;
            }
        }
        return -1;
    }

    private record Delayed<K>(K key, long atNanos) {}
}
