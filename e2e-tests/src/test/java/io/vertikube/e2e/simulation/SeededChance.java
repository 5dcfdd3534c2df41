package io.vertikube.e2e.simulation;

import io.vertikube.apiserver.resource.Chance;
import java.util.SplittableRandom;
import java.util.UUID;

/** What API servers leave to chance, out of a seed: who asks in the same order gets the same. Safe for any thread. */
final class SeededChance implements Chance {

    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_2 = 0x8000000000000000L;

    private final SplittableRandom random;

    SeededChance(long seed) {
        random = new SplittableRandom(seed);
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }

    @Override
    public synchronized UUID uid() {
        return new UUID(random.nextLong() & ~0xf000L | VERSION_4, random.nextLong() >>> 2 | VARIANT_2);
    }
}
