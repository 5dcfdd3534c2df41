package io.vertikube.apiserver.admission;

import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A range of indexes to pick a free one from: first at random from the upper band, so that the lower one stays free for
 * those who choose themselves (KEP-3070 for addresses, KEP-3668 for ports). Immutable.
 *
 * @param first the first index that may be given at all
 * @param band the first index of the upper band
 * @param end one past the last
 */
record AddressRange(long first, long band, long end) {

    private static final int RANDOM_TRIES = 16;

    static AddressRange of(long first, long end, long divisor, long leastBand, long mostBand) {
        long size = end - first;
        long band = Math.min(Math.max(leastBand, size / divisor), mostBand);
        return new AddressRange(first, size > leastBand ? first + band : first, end);
    }

    /** Takes a free one, asking for each candidate whether it could be had; -1 if all are taken. */
    long take(RandomGenerator random, Set<String> taken, LongFunction<String> name, Predicate<String> tryToHave) {
        for (int i = 0; i < RANDOM_TRIES && band < end; i++) {
            long index = random.nextLong(band, end);
            if (have(index, taken, name, tryToHave)) {
                return index;
            }
        }
        for (long index = band; index < end; index++) {
            if (have(index, taken, name, tryToHave)) {
                return index;
            }
        }
        for (long index = first; index < band; index++) {
            if (have(index, taken, name, tryToHave)) {
                return index;
            }
        }
        return -1;
    }

    private static boolean have(long index, Set<String> taken, LongFunction<String> name, Predicate<String> tryToHave) {
        String candidate = name.apply(index);
        return !taken.contains(candidate) && tryToHave.test(candidate);
    }
}
