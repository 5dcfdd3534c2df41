package io.vertikube.apiserver.resource;

import java.time.Duration;

/**
 * What serving resources may cost. Immutable.
 *
 * @param wholeListBytes lists up to this size are one body, larger ones are streamed
 * @param chunkBytes how much of a streamed list or of a burst of watch events is written at once
 * @param watchBatch events taken from a subscription at once
 * @param bookmarkInterval how often a quiet watch is told the revision
 * @param shortestWatch watches without {@code timeoutSeconds} end at random between this and twice of it
 * @param writeAttempts how often a patch is tried again when others write at the same time
 * @param nameAttempts how many names are generated before a create gives up
 * @param conversionBatch objects that are converted to another version in one step
 */
public record ResourceLimits(
        int wholeListBytes,
        int chunkBytes,
        int watchBatch,
        Duration bookmarkInterval,
        Duration shortestWatch,
        int writeAttempts,
        int nameAttempts,
        int conversionBatch) {

    public static final ResourceLimits DEFAULT =
            new ResourceLimits(1 << 20, 128 * 1024, 64, Duration.ofSeconds(30), Duration.ofMinutes(30), 5, 8, 500);
}
