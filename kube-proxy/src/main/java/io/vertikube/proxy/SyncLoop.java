package io.vertikube.proxy;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step soon after something changed, many changes together, never more often than the least period and at least
 * once in the longest. The step runs on one virtual thread; {@link #changed()} is safe for any.
 */
final class SyncLoop implements AutoCloseable {

    /** What is run; {@code true} when the longest period has passed or the last run failed. */
    interface Step {
        void run(boolean everything);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SyncLoop.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Duration least;
    private final Duration longest;
    private final Step step;
    private final Thread thread;
    private Duration afterFailure = AFTER_FAILURE;
    private String lastFailure = "";
    private boolean pending = true;
    private boolean closed;

    SyncLoop(String name, Duration least, Duration longest, Step step) {
        this.least = least;
        this.longest = longest;
        this.step = step;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    void changed() {
        lock.lock();
        try {
            pending = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Stops after the running step. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        long wholeAt = System.nanoTime();
        boolean everything = true;
        try {
            while (await(everything ? Duration.ZERO : longest)) {
                boolean due = everything || System.nanoTime() - wholeAt >= longest.toNanos();
                if (due) {
                    wholeAt = System.nanoTime();
                }
                everything = !ran(due);
                Thread.sleep(everything ? afterFailure : least);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted");
        }
    }

    private boolean ran(boolean due) {
        try {
            step.run(due);
            afterFailure = AFTER_FAILURE;
            lastFailure = "";
            return true;
        } catch (RuntimeException e) {
            tellOnce(e);
            afterFailure = afterFailure.multipliedBy(2).compareTo(longest) > 0 ? longest : afterFailure.multipliedBy(2);
            return false;
        }
    }

    /** What fails the same way again and again is said once. */
    private void tellOnce(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(lastFailure)) {
            LOG.error("{}: tried again from time to time: {}", thread.getName(), message);
            lastFailure = message;
        }
        LOG.debug("failed", e);
    }

    private boolean await(Duration longestWait) throws InterruptedException {
        lock.lock();
        try {
            long left = longestWait.toNanos();
            while (!pending && !closed && left > 0) {
                left = woken.awaitNanos(left);
            }
            pending = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
