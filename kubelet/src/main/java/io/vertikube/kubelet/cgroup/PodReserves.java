package io.vertikube.kubelet.cgroup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.value.Quantities;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pod's cgroup is told besides its limits of CPU and memory. Immutable.
 *
 * @param hugepages limits in bytes by page size as the kernel names it, {@code 2MB}
 * @param memoryRequest sum of its containers' memory requests
 */
public record PodReserves(Map<String, Long> hugepages, long memoryRequest) {

    public static final PodReserves NONE = new PodReserves(Map.of(), 0);

    static final String HUGEPAGES = "hugepages-";

    public PodReserves {
        hugepages = Map.copyOf(hugepages);
    }

    public static PodReserves of(Pod pod) {
        var pages = new TreeMap<String, Long>();
        long memory = 0;
        for (Container container : pod.getSpec().getContainers()) {
            var resources = Optional.ofNullable(container.getResources());
            Map<String, Quantity> limits = resources.map(all -> all.getLimits()).orElse(Map.of());
            Map<String, Quantity> requests =
                    resources.map(all -> all.getRequests()).orElse(Map.of());
            limits.forEach((name, amount) -> {
                if (name.startsWith(HUGEPAGES)) {
                    pages.merge(kernelSize(name.substring(HUGEPAGES.length())), bytes(amount), Long::sum);
                }
            });
            Quantity request = requests.getOrDefault("memory", limits.get("memory"));
            memory += request == null ? 0 : bytes(request);
        }
        return new PodReserves(pages, memory);
    }

    /** {@code 2Mi} is {@code 2MB} to the kernel. */
    static String kernelSize(String size) {
        return size.endsWith("i") ? size.substring(0, size.length() - 1) + "B" : size;
    }

    private static long bytes(Quantity quantity) {
        return Quantities.value(quantity.toString());
    }
}
