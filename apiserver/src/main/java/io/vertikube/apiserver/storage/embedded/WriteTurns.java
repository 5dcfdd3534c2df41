package io.vertikube.apiserver.storage.embedded;

import io.vertikube.apiserver.storage.StoreException;
import io.vertikube.apiserver.storage.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives writes their turn, one at a time. Over a disk a thread of its own takes all that wait, does them, and syncs once
 * for all of them; while it syncs the next ones gather. In memory the caller does its own under a lock. {@link #submit}
 * is safe for any thread.
 *
 * <p>After a commit that failed nothing is written any more: memory and disk no longer agree.
 */
final class WriteTurns implements AutoCloseable {

    private static final int MOST_AT_ONCE = 2_048;

    /** How long writes are waited for where several came at once before: a sync costs as much for one as for many. */
    private static final long GATHERING_NANOS = 300_000;

    private final Journal journal;
    private final Runnable committed;
    private final BlockingQueue<Write<?>> queue = new LinkedBlockingQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final @Nullable Thread thread;
    private volatile @Nullable StoreUnavailable broken;
    private volatile boolean closing;

    /** @param committed called within the turn when what was written has become durable */
    WriteTurns(Journal journal, Runnable committed) {
        this.journal = journal;
        this.committed = committed;
        this.thread = journal.isDurable()
                ? Thread.ofPlatform().daemon().name("store-writer").start(this::serve)
                : null;
    }

    /** Does the work in its turn and returns its result once that is durable. */
    <T> T submit(Supplier<T> work) {
        var write = new Write<>(work);
        if (thread == null) {
            turn.lock();
            try {
                turnFor(List.of(write));
            } finally {
                turn.unlock();
            }
        } else {
            queue.add(write);
            StoreUnavailable closed = broken;
            if (closed != null) {
                write.fail(closed);
            }
        }
        try {
            return write.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException refused ? refused : e;
        }
    }

    private void serve() {
        var batch = new ArrayList<Write<?>>();
        boolean several = false;
        try {
            while (!closing) {
                batch.add(queue.take());
                if (several) {
                    LockSupport.parkNanos(this, GATHERING_NANOS);
                }
                queue.drainTo(batch, MOST_AT_ONCE);
                several = batch.size() > 1;
                turnFor(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop(closed());
        }
    }

    private static StoreUnavailable closed() {
        return new StoreUnavailable("the store is closed", null);
    }

    private void turnFor(List<? extends Write<?>> batch) {
        StoreUnavailable before = broken;
        if (before != null) {
            batch.forEach(write -> write.fail(before));
            return;
        }
        try {
            batch.forEach(Write::run);
            journal.commit();
            committed.run();
        } catch (RuntimeException | Error e) {
            var why = new StoreUnavailable(
                    "the store could not write (" + e.getMessage()
                            + "): look after its disk, then start the server again; what was acknowledged is safe",
                    e);
            stop(why);
            batch.forEach(write -> write.fail(why));
            return;
        }
        batch.forEach(Write::release);
    }

    private void stop(StoreUnavailable why) {
        if (broken == null) {
            broken = why;
        }
        for (Write<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(why);
        }
    }

    /** Throws if writing has stopped for good. */
    void check() {
        StoreUnavailable why = broken;
        if (why != null) {
            throw why;
        }
    }

    /** Lets what waits have its turn, then refuses; the thread is not interrupted, which would close its file. */
    @Override
    public void close() {
        if (thread == null) {
            broken = closed();
            return;
        }
        closing = true;
        queue.add(new Write<>(() -> 0));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
