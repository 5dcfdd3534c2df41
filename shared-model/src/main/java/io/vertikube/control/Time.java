package io.vertikube.control;

import io.vertikube.client.Pace;
import java.time.Instant;
import java.time.InstantSource;

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
}
