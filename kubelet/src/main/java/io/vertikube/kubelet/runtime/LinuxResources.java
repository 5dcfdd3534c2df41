package io.vertikube.kubelet.runtime;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Limits of a container: CFS period and quota in microseconds, memory in bytes; zero means unset. Immutable.
 *
 * @param hugepages limits in bytes by page size as the kernel names it, {@code 2MB}; here zero means none
 */
public record LinuxResources(
        long cpuPeriod,
        long cpuQuota,
        long cpuShares,
        long memoryLimitBytes,
        int oomScoreAdj,
        SortedMap<String, Long> hugepages) {

    public LinuxResources {
        hugepages = Collections.unmodifiableSortedMap(new TreeMap<>(hugepages));
    }

    /** One that says nothing of large pages. */
    public LinuxResources(long cpuPeriod, long cpuQuota, long cpuShares, long memoryLimitBytes, int oomScoreAdj) {
        this(cpuPeriod, cpuQuota, cpuShares, memoryLimitBytes, oomScoreAdj, new TreeMap<>());
    }
}
