package io.vertikube.kubelet.cgroup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Requests and limits as the kernel counts them (API reference, "Resource Management for Pods and Containers" and "Pod
 * Quality of Service Classes"). Pure functions.
 */
public final class PodResources {

    /** CFS period in microseconds, unless told otherwise. */
    static final long PERIOD = 100_000;

    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;
    private static final long MIN_QUOTA = 1000;
    private static final int GUARANTEED_OOM = -997;
    private static final int BEST_EFFORT_OOM = 1000;
    private static final int NODE_CRITICAL = 2_000_000_000;

    private PodResources() {}

    /** {@code Guaranteed}, {@code Burstable} or {@code BestEffort}; a class the API has fixed already stays. */
    public static String qosClass(Pod pod) {
        String known = pod.getStatus() == null ? null : pod.getStatus().getQosClass();
        if (known != null && !known.isEmpty()) {
            return known;
        }
        boolean guaranteed = true;
        boolean any = false;
        for (Container container : PodContainers.all(pod.getSpec())) {
            for (String resource : List.of("cpu", "memory")) {
                OptionalLong request = milli(requests(container), resource);
                OptionalLong limit = milli(limits(container), resource);
                any |= request.orElse(0) > 0 || limit.orElse(0) > 0;
                guaranteed &= limit.orElse(0) > 0 && request.orElse(limit.orElse(0)) == limit.orElse(0);
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    /**
     * What the runtime is told for a container. Of large pages it has what its limits say, and none of the other sizes.
     *
     * @param memoryCapacity the machine's, in bytes
     * @param pageSizes sizes of large pages that the machine knows, such as {@code 2Mi}
     * @param policy what limits become here
     */
    public static LinuxResources of(
            Pod pod, Container container, long memoryCapacity, Collection<String> pageSizes, LimitPolicy policy) {
        long request = milli(requests(container), "cpu").orElse(0);
        long limit = milli(limits(container), "cpu").orElse(0);
        boolean unset = request == 0 && limit > 0 && !requests(container).containsKey("cpu");
        boolean limited = limit > 0 && policy.quotas();
        return new LinuxResources(
                limited ? policy.periodMicros() : 0,
                limited ? quota(limit, policy.periodMicros()) : 0,
                shares(unset ? limit : request),
                bytes(limits(container), "memory").orElse(0),
                oomScoreAdjustment(pod, container, memoryCapacity),
                hugepages(container, pageSizes),
                unified(pod, container, memoryCapacity, policy));
    }

    private static SortedMap<String, String> unified(
            Pod pod, Container container, long memoryCapacity, LimitPolicy policy) {
        var result = new TreeMap<String, String>();
        if (policy.killTogether()) {
            result.put("memory.oom.group", "1");
        }
        policy.swapBytes()
                .ifPresent(
                        all -> result.put("memory.swap.max", Long.toString(swap(pod, container, memoryCapacity, all))));
        return result;
    }

    /** Its share of the swap, as its request is of the memory; only of what may exceed its request (KEP-2400). */
    private static long swap(Pod pod, Container container, long memoryCapacity, long all) {
        long limit = bytes(limits(container), "memory").orElse(0);
        long request = bytes(requests(container), "memory").orElse(limit);
        Integer priority = pod.getSpec().getPriority();
        boolean critical = priority != null && priority >= NODE_CRITICAL;
        return critical
                        || memoryCapacity <= 0
                        || request == limit
                        || !qosClass(pod).equals("Burstable")
                ? 0
                : (long) ((double) request / memoryCapacity * all);
    }

    private static SortedMap<String, Long> hugepages(Container container, Collection<String> pageSizes) {
        var result = new TreeMap<String, Long>();
        for (String size : pageSizes) {
            result.put(
                    PodReserves.kernelSize(size),
                    bytes(limits(container), PodReserves.HUGEPAGES + size).orElse(0));
        }
        return result;
    }

    /** Limits of the pod as a whole: its containers' sums, an unlimited container makes the pod unlimited. */
    public static LinuxResources ofPod(Pod pod, LimitPolicy policy) {
        long shares = 0;
        long cpuLimit = 0;
        long memoryLimit = 0;
        boolean cpuLimited = true;
        boolean memoryLimited = true;
        for (Container container : PodContainers.longRunning(pod.getSpec())) {
            long limit = milli(limits(container), "cpu").orElse(0);
            shares += milli(requests(container), "cpu").orElse(limit);
            cpuLimit += limit;
            cpuLimited &= limit > 0;
            long memory = bytes(limits(container), "memory").orElse(0);
            memoryLimit += memory;
            memoryLimited &= memory > 0;
        }
        for (Container init : PodContainers.init(pod.getSpec())) {
            if (!PodContainers.isSidecar(init)) {
                long limit = milli(limits(init), "cpu").orElse(0);
                shares = Math.max(shares, milli(requests(init), "cpu").orElse(limit));
                cpuLimited &= limit > 0;
                cpuLimit = Math.max(cpuLimit, limit);
                long memory = bytes(limits(init), "memory").orElse(0);
                memoryLimited &= memory > 0;
                memoryLimit = Math.max(memoryLimit, memory);
            }
        }
        return new LinuxResources(
                policy.periodMicros(),
                policy.quotas() && cpuLimited && cpuLimit > 0 ? quota(cpuLimit, policy.periodMicros()) : 0,
                shares(shares),
                memoryLimited ? memoryLimit : 0,
                0);
    }

    static long shares(long milliCpu) {
        return Math.clamp(milliCpu * 1024 / 1000, MIN_SHARES, MAX_SHARES);
    }

    static long quota(long milliCpu, long period) {
        return Math.max(milliCpu * period / 1000, MIN_QUOTA);
    }

    /** The likelier to be killed, the more a container uses beyond its request. */
    static int oomScoreAdjustment(Pod pod, Container container, long memoryCapacity) {
        Integer priority = pod.getSpec().getPriority();
        if (priority != null && priority >= NODE_CRITICAL) {
            return GUARANTEED_OOM;
        }
        return switch (qosClass(pod)) {
            case "Guaranteed" -> GUARANTEED_OOM;
            case "BestEffort" -> BEST_EFFORT_OOM;
            default -> {
                long request = bytes(requests(container), "memory")
                        .orElse(bytes(limits(container), "memory").orElse(0));
                long score = memoryCapacity <= 0 ? 999 : 1000 - 1000 * request / memoryCapacity;
                yield Math.clamp(score, 3, 999);
            }
        };
    }

    private static Map<String, Quantity> requests(Container container) {
        ResourceRequirements resources = container.getResources();
        return resources == null || resources.getRequests() == null ? Map.of() : resources.getRequests();
    }

    private static Map<String, Quantity> limits(Container container) {
        ResourceRequirements resources = container.getResources();
        return resources == null || resources.getLimits() == null ? Map.of() : resources.getLimits();
    }

    private static OptionalLong milli(Map<String, Quantity> amounts, String resource) {
        Quantity quantity = amounts.get(resource);
        return quantity == null ? OptionalLong.empty() : OptionalLong.of(Quantities.milli(quantity.toString()));
    }

    private static OptionalLong bytes(Map<String, Quantity> amounts, String resource) {
        Quantity quantity = amounts.get(resource);
        return quantity == null ? OptionalLong.empty() : OptionalLong.of(Quantities.value(quantity.toString()));
    }
}
