package io.vertikube.kubelet.runtime;

/**
 * Limits of a container: CFS period and quota in microseconds, memory in bytes; zero means unset. Immutable.
 */
public record LinuxResources(long cpuPeriod, long cpuQuota, long cpuShares, long memoryLimitBytes, int oomScoreAdj) {}
