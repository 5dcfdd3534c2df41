package io.vertikube.kubelet.cgroup;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.value.Quantities;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a pod's cgroup is told besides its limits of CPU and memory: totals as {@link PodTotal} has them. Immutable.
 *
 * @param hugepages limits in bytes by page size as the kernel names it, {@code 2MB}
 * @param memoryRequest of memory
 */
public record PodReserves(Map<String, Long> hugepages, long memoryRequest) {

    public static final PodReserves NONE = new PodReserves(Map.of(), 0);

    static final String HUGEPAGES = "hugepages-";

    private static final String MEMORY = "memory";

    public PodReserves {
        hugepages = Map.copyOf(hugepages);
    }

    public static PodReserves of(Pod pod) {
        Map<String, Long> totals = new TreeMap<>(PodTotal.of(pod.getSpec(), PodReserves::counted));
        Long memory = totals.remove(MEMORY);
        return new PodReserves(totals, memory == null ? 0 : memory);
    }

    private static Map<String, Long> counted(ResourceRequirements resources) {
        Map<String, Quantity> limits = Objects.requireNonNullElse(resources.getLimits(), Map.of());
        Map<String, Quantity> requests = Objects.requireNonNullElse(resources.getRequests(), Map.of());
        Map<String, Long> result = new HashMap<>();
        limits.forEach((name, amount) -> {
            if (name.startsWith(HUGEPAGES)) {
                result.put(kernelSize(name.substring(HUGEPAGES.length())), bytes(amount));
            }
        });
        Quantity memory = requests.getOrDefault(MEMORY, limits.get(MEMORY));
        if (memory != null) {
            result.put(MEMORY, bytes(memory));
        }
        return result;
    }

    /** {@code 2Mi} is {@code 2MB} to the kernel. */
    static String kernelSize(String size) {
        return size.endsWith("i") ? size.substring(0, size.length() - 1) + "B" : size;
    }

    private static long bytes(Quantity quantity) {
        return Quantities.value(quantity.toString());
    }
}
