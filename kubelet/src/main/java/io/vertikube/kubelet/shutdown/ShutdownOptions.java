package io.vertikube.kubelet.shutdown;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long pods have when the machine goes down. Immutable.
 *
 * @param byPriority seconds that pods of a priority, and of those above it up to the next, have for themselves; the lowest
 *     priority's are also for pods below it; empty: pods are left to the machine
 * @param everyStop whether every stop of the kubelet counts as the machine's, rather than only while the system says that
 *     it goes down
 */
public record ShutdownOptions(Map<Integer, Duration> byPriority, boolean everyStop) {

    public static final ShutdownOptions NONE = new ShutdownOptions(Map.of(), false);

    private static final int CRITICAL = 2_000_000_000;

    public ShutdownOptions {
        byPriority = Map.copyOf(byPriority);
    }

    /** A time for all pods together, and the part of it that is kept for critical pods, which end last. */
    public static ShutdownOptions of(Duration grace, Duration criticalGrace, boolean everyStop) {
        if (criticalGrace.compareTo(grace) > 0) {
            throw new IllegalArgumentException("--shutdown-grace-period-critical-pods " + criticalGrace
                    + " is a part of --shutdown-grace-period and cannot be more than its " + grace);
        }
        return grace.isPositive()
                ? new ShutdownOptions(Map.of(0, grace.minus(criticalGrace), CRITICAL, criticalGrace), everyStop)
                : new ShutdownOptions(Map.of(), everyStop);
    }

    /** The times in the order in which they are given. */
    TreeMap<Integer, Duration> inOrder() {
        return new TreeMap<>(byPriority);
    }

    /** All of them together. */
    Duration total() {
        return byPriority.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
