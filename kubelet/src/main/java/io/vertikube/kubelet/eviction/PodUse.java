package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What a pod uses, against what it asked for. Immutable.
 *
 * @param containers usage by container name
 * @param volumes bytes in emptyDirs on disk, by volume name
 * @param volumeInodes files in them
 */
public record PodUse(Pod pod, Map<String, ContainerUse> containers, Map<String, Long> volumes, long volumeInodes) {

    /** One container: working set, writable layer and logs, in bytes; files and processes in numbers. Immutable. */
    public record ContainerUse(long memory, long disk, long inodes, long processes) {

        static final ContainerUse NOTHING = new ContainerUse(0, 0, 0, 0);
    }

    public PodUse {
        containers = Map.copyOf(containers);
        volumes = Map.copyOf(volumes);
    }

    long memory() {
        return sum(ContainerUse::memory);
    }

    long disk() {
        return sum(ContainerUse::disk)
                + volumes.values().stream().mapToLong(Long::longValue).sum();
    }

    long inodes() {
        return sum(ContainerUse::inodes) + volumeInodes;
    }

    long processes() {
        return sum(ContainerUse::processes);
    }

    /** Sum of all containers' requests. */
    long request(String resource) {
        return running().stream()
                .mapToLong(container -> requestOf(container, resource))
                .sum();
    }

    /** Containers that run side by side: the pod's own and sidecars. */
    List<Container> running() {
        return PodContainers.longRunning(pod.getSpec());
    }

    ContainerUse of(Container container) {
        return containers.getOrDefault(container.getName(), ContainerUse.NOTHING);
    }

    static long requestOf(Container container, String resource) {
        return container.getResources() == null
                ? 0
                : value(container.getResources().getRequests(), resource);
    }

    static long limitOf(Container container, String resource) {
        return container.getResources() == null
                ? 0
                : value(container.getResources().getLimits(), resource);
    }

    private long sum(ToLongFunction<ContainerUse> what) {
        return containers.values().stream().mapToLong(what).sum();
    }

    private static long value(@org.jspecify.annotations.Nullable Map<String, Quantity> amounts, String resource) {
        Quantity quantity = amounts == null ? null : amounts.get(resource);
        return quantity == null ? 0 : Quantities.value(quantity.toString());
    }
}
