package io.vertikube.apiserver.resource;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * What the server leaves to chance: ends of generated names, addresses and ports, and who objects are. The machine's, whose
 * uids nobody can guess, unless a simulation brings its own. Safe for any thread.
 */
public interface Chance extends RandomGenerator {

    /** The machine's. */
    static Chance ofMachine() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /** A new object's identity. */
    default UUID uid() {
        return UUID.randomUUID();
    }
}
