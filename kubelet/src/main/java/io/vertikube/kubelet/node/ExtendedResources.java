package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.value.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node has that is neither processor, memory, storage nor pods ("Extended resources" in the documentation), as this
 * machine counts it. Immutable.
 */
public record ExtendedResources(Map<String, Long> capacity, Map<String, Long> allocatable) {

    public static final ExtendedResources NONE = new ExtendedResources(Map.of(), Map.of());

    private static final String QUOTA = "requests.";

    public ExtendedResources {
        capacity = Map.copyOf(capacity);
        allocatable = Map.copyOf(allocatable);
    }

    /** Whether a resource is one: qualified, not of Kubernetes' own domain, and such that a quota for it has a name. */
    public static boolean isName(String resource) {
        return resource.contains("/")
                && !resource.contains("kubernetes.io/")
                && !resource.startsWith(QUOTA)
                && Names.qualifiedName(QUOTA + resource).isEmpty();
    }

    /** Adds them to a node's amounts, and those that somebody else wrote into its capacity. */
    void addTo(
            Map<String, Quantity> has, Map<String, Quantity> forPods, @Nullable Map<String, Quantity> capacityBefore) {
        if (capacityBefore != null) {
            capacityBefore.forEach((name, amount) -> {
                if (isName(name)) {
                    has.putIfAbsent(name, amount);
                    forPods.putIfAbsent(name, amount);
                }
            });
        }
        capacity.forEach((name, amount) -> has.put(name, new Quantity(Long.toString(amount))));
        allocatable.forEach((name, amount) -> forPods.put(name, new Quantity(Long.toString(amount))));
    }
}
