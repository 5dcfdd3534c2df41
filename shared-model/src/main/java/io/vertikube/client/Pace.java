package io.vertikube.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How somebody waits before trying again, for a time and by chance a little longer, so that many alike do not come at once;
 * and before asking at all. The machine's waits, unless a simulation brings its own. Safe for any thread.
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

    /**
     * Waits until a request may be sent; {@link #answered} follows.
     *
     * @param who the {@code User-Agent}
     */
    default void ask(String who, String method, String path, byte @Nullable [] body) throws InterruptedException {}

    /** A request that was asked for has its answer, or will never have one; may wait before whoever asked sees it. */
    default void answered() {}
}
