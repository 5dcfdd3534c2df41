package io.vertikube.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * How somebody waits: for time to go by, by chance a little longer, so that many alike do not come at once; or for news.
 * The machine's waits, unless a simulation brings its own. Safe for any thread.
 */
public interface Pace {

    /** The machine's: whoever wants to ask asks. */
    static Pace ofMachine() {
        return new Pace() {};
    }

    /** Waits so long. */
    default void sleep(Duration howLong) throws InterruptedException {
        Thread.sleep(howLong);
    }

    /** Some time up to so long, by chance. */
    default Duration upTo(Duration most) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
    }

    /** How long a connection is kept that nobody uses, by the machine's clock; zero is for ever. */
    default Duration idleConnection() {
        return Duration.ofSeconds(60);
    }

    /** A count of nanoseconds that only ever grows, from an origin of its own. */
    default long nanos() {
        return System.nanoTime();
    }

    /**
     * Waits for a signal under a lock that the caller holds, at most so long; as with every condition, it may also
     * return for no reason.
     *
     * @param lock whose condition it is
     * @return false if the time went by
     */
    @SuppressWarnings("WaitNotInLoop") // its callers do
    default boolean await(Condition changed, Lock lock, Duration most) throws InterruptedException {
        return changed.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }
}
