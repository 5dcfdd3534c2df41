package io.vertikube.kubelet.cgroup;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node is told about its containers' limits. Immutable.
 *
 * @param cfsQuota whether a limit of the processor is a quota of its time
 * @param cfsPeriod what a quota is of
 * @param singleProcessOomKill whether only one process of a container is killed when its memory runs out; empty: if the
 *     kernel has no better
 * @param limitedSwap whether Burstable pods may swap
 */
public record LimitOptions(
        boolean cfsQuota, Duration cfsPeriod, Optional<Boolean> singleProcessOomKill, boolean limitedSwap) {

    public static final LimitOptions DEFAULT = new LimitOptions(true, Duration.ofMillis(100), Optional.empty(), false);

    public LimitOptions {
        if (cfsPeriod.compareTo(Duration.ofMillis(1)) < 0 || cfsPeriod.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("--cpu-cfs-quota-period: " + cfsPeriod.toNanos() / 1000
                    + "us must be between 1ms and 1s, inclusive");
        }
    }

    /** As {@code memorySwap.swapBehavior} names it. */
    public static boolean isLimitedSwap(String behaviour) {
        return switch (behaviour) {
            case "", "NoSwap" -> false;
            case "LimitedSwap" -> true;
            default ->
                throw new IllegalArgumentException("--memory-swap-behavior: \"" + behaviour
                        + "\" must be one of: \"\", \"LimitedSwap\" or \"NoSwap\"");
        };
    }

    /**
     * What that is on a machine.
     *
     * @param v2 whether it has version 2 of cgroups, which both killing together and swap of containers' own need
     * @param limitsSwap whether its kernel limits a cgroup's swap
     * @param swapBytes what swap it has
     */
    LimitPolicy on(boolean v2, boolean limitsSwap, long swapBytes) {
        if (!v2 && !singleProcessOomKill.orElse(true)) {
            throw new IllegalArgumentException(
                    "--single-process-oom-kill must not be explicitly set to false when using cgroup v1");
        }
        if (!v2 && limitedSwap) {
            throw new IllegalArgumentException(
                    "--memory-swap-behavior: LimitedSwap needs cgroup v2, which this machine does not have");
        }
        return new LimitPolicy(
                cfsQuota,
                cfsPeriod.toNanos() / 1000,
                v2 && !singleProcessOomKill.orElse(false),
                v2 && limitsSwap ? OptionalLong.of(limitedSwap ? swapBytes : 0) : OptionalLong.empty());
    }
}
