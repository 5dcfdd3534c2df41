package io.vertikube.kubelet.cgroup;

import java.util.OptionalLong;

/**
 * What the kernel counts of a cgroup and all below it, with one meaning on cgroup v1 and v2; {@link #UNKNOWN} where it
 * does not say. Times are nanoseconds, amounts of memory bytes. Immutable.
 */
public record CgroupFigures(Cpu cpu, Memory memory, Tasks tasks) {

    public static final long UNKNOWN = -1;

    public static final CgroupFigures NONE = new CgroupFigures(
            new Cpu(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
            new Memory(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
            new Tasks(UNKNOWN, UNKNOWN));

    /** Time worked since the cgroup was made, and how often its quota ended before its period did. Immutable. */
    public record Cpu(long total, long user, long system, long periods, long throttledPeriods, long throttled) {}

    /** Amounts now, faults and kills since the cgroup was made; {@code limit} is {@link #UNKNOWN} without one. Immutable. */
    public record Memory(
            long usage,
            long workingSet,
            long rss,
            long cache,
            long swap,
            long limit,
            long faults,
            long majorFaults,
            long oomKills) {}

    /** Processes, and threads of all of them. Immutable. */
    public record Tasks(long processes, long threads) {}

    static long orUnknown(OptionalLong figure) {
        return figure.orElse(UNKNOWN);
    }
}
