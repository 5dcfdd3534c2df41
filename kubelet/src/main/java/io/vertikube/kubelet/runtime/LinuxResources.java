package io.vertikube.kubelet.runtime;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Limits of a container: CFS period and quota in microseconds, memory in bytes; zero means unset. Immutable.
 *
 * @param hugepages limits in bytes by page size as the kernel names it, {@code 2MB}; here zero means none
 * @param unified files of cgroup v2 and what is written to them
 */
public record LinuxResources(
        long cpuPeriod,
        long cpuQuota,
        long cpuShares,
        long memoryLimitBytes,
        int oomScoreAdj,
        SortedMap<String, Long> hugepages,
        SortedMap<String, String> unified) {

    public LinuxResources {
        hugepages = Collections.unmodifiableSortedMap(new TreeMap<>(hugepages));
        unified = Collections.unmodifiableSortedMap(new TreeMap<>(unified));
    }

    /** One that says nothing of large pages and what only cgroup v2 has. */
    public LinuxResources(long cpuPeriod, long cpuQuota, long cpuShares, long memoryLimitBytes, int oomScoreAdj) {
        this(cpuPeriod, cpuQuota, cpuShares, memoryLimitBytes, oomScoreAdj, new TreeMap<>(), new TreeMap<>());
    }
}
