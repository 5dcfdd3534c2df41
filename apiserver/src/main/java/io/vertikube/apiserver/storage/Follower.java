package io.vertikube.apiserver.storage;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what is stored under a prefix whenever something of it has changed. It looks at things as they are, not at what
 * happened to them, so changes that come together are one look, and a watch that lost its place begins a new one. The work
 * is done by the one virtual thread of this object; {@link #wake} and {@link #close} are safe for any.
 */
public final class Follower implements AutoCloseable {

    /** What is to be done. Called by the follower's thread alone. */
    public interface Work {

        /**
         * Looks at what is stored. If it fails it is called again after a second.
         *
         * @param news whether something has changed since, or somebody said so; false if only the time was up
         * @return after how long to look again though nothing changes; null for not at all
         */
        @Nullable
        Duration look(boolean news);

        /** No look follows. */
        default void ended() {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int BATCH = 256;

    private final String name;
    private final ObjectStorage storage;
    private final String prefix;
    private final Work work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean news = true;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /** @param name of the thread, and in the log */
    public Follower(String name, ObjectStorage storage, String prefix, Work work) {
        this.name = name;
        this.storage = storage;
        this.prefix = prefix;
        this.work = work;
    }

    /** Begins with a look, in the background. */
    public void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** Has it look once more; for news that come another way. */
    public void wake() {
        lock.lock();
        try {
            news = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether its thread is at work. */
    public boolean isRunning() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    private void run() {
        @Nullable Subscription events = null;
        @Nullable Duration rest = null;
        try {
            while (!closed) {
                boolean told = awaited(rest);
                try {
                    Subscription before = events;
                    events = drained(before == null ? watch() : before);
                    if (!closed) {
                        rest = work.look(told || events != before);
                    }
                } catch (RuntimeException e) {
                    if (closed) {
                        return;
                    }
                    LOG.error("{}: a look failed and is repeated", name, e);
                    wake();
                    storage.pace().sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (events != null) {
                events.close();
            }
            work.ended();
        }
    }

    /** Returns false if only the time was up. */
    private boolean awaited(@Nullable Duration rest) throws InterruptedException {
        lock.lock();
        try {
            boolean inTime = rest == null || rest.isPositive();
            while (!news && inTime) {
                if (rest == null) {
                    changed.await();
                } else {
                    inTime = storage.pace().await(changed, lock, rest);
                }
            }
            boolean told = news;
            news = false;
            return told;
        } finally {
            lock.unlock();
        }
    }

    private Subscription watch() {
        return storage.watch(prefix, storage.snapshot(Read.any()).revision(), this::wake);
    }

    /** Takes what has happened, as only then it is told of more; from a new watch where the old one has lost its place. */
    private Subscription drained(Subscription from) {
        Subscription events = from;
        while (true) {
            WatchBatch batch = events.poll(BATCH);
            if (closed || batch.ended() == WatchBatch.End.CLOSED || batch.isEmpty()) {
                return events;
            }
            if (batch.ended() != null) {
                events = watch();
            }
        }
    }

    /** Ends the thread, and waits for that a moment. */
    @Override
    public void close() {
        closed = true;
        wake();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(STOP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
