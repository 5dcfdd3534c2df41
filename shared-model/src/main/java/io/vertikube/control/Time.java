package io.vertikube.control;

import io.vertikube.client.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The time a service lives in: what time it is, and waiting for some of it to go by. The machine's, unless a simulation
 * brings its own, in which minutes pass as soon as nobody has anything left to do. Safe for any thread.
 */
@FunctionalInterface
public interface Time extends InstantSource, Pace {

    /** The machine's. */
    static Time system() {
        return Instant::now;
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
