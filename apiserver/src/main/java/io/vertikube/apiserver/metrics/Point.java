package io.vertikube.apiserver.metrics;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node or container had used when it was looked at. Immutable.
 *
 * @param cpuNanos core-nanoseconds since its start
 * @param memoryBytes the working set
 * @param startedAt null if unknown
 */
record Point(
        Instant at,
        long cpuNanos,
        long memoryBytes,
        @Nullable Instant startedAt) {

    /** A container this young counts from its start, so that it need not be seen twice. */
    private static final Duration YOUNGEST = Duration.ofSeconds(10);

    private static final Duration OLDEST = Duration.ofSeconds(60);

    /**
     * The usage between an earlier look and this one.
     *
     * @param earlier null if there was none
     * @return null if it cannot be told yet
     */
    @Nullable
    Usage since(@Nullable Point earlier) {
        Point from = earlier != null && isOfSameLife(earlier) ? earlier : birth();
        if (from == null || !from.at.isBefore(at)) {
            return null;
        }
        Duration window = Duration.between(from.at, at);
        double rate = (cpuNanos - from.cpuNanos) / (window.toNanos() / 1e9);
        return new Usage(at, window, Math.max(0, Math.round(rate)), memoryBytes);
    }

    private boolean isOfSameLife(Point earlier) {
        boolean restarted = startedAt != null && startedAt.isAfter(earlier.at);
        return !restarted && cpuNanos >= earlier.cpuNanos && earlier.at.isBefore(at);
    }

    private @Nullable Point birth() {
        if (startedAt == null) {
            return null;
        }
        Duration age = Duration.between(startedAt, at);
        return age.compareTo(YOUNGEST) < 0 || age.compareTo(OLDEST) > 0 ? null : new Point(startedAt, 0, 0, startedAt);
    }
}
