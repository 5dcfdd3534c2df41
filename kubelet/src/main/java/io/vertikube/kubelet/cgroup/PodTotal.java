package io.vertikube.kubelet.cgroup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.value.PodContainers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a pod has of something as a whole: the sum of its containers and sidecars, or what runs while it starts where that is more
 * (KEP-753), unless the pod itself says how much. Pure functions.
 */
public final class PodTotal {

    private PodTotal() {}

    /** Totals by name, as {@code counted} counts what a container or the pod says. */
    public static Map<String, Long> of(PodSpec spec, Function<ResourceRequirements, Map<String, Long>> counted) {
        Map<String, Long> running = new HashMap<>();
        for (Container container : spec.getContainers()) {
            add(running, count(container.getResources(), counted));
        }
        Map<String, Long> sidecars = new HashMap<>();
        Map<String, Long> starting = new HashMap<>();
        for (Container init : PodContainers.init(spec)) {
            Map<String, Long> own = count(init.getResources(), counted);
            if (PodContainers.isSidecar(init)) {
                add(sidecars, own);
                max(starting, sidecars);
            } else {
                Map<String, Long> together = new HashMap<>(sidecars);
                add(together, own);
                max(starting, together);
            }
        }
        add(running, sidecars);
        max(running, starting);
        running.putAll(count(spec.getResources(), counted));
        return running;
    }

    /** Adds each of the second to the first. */
    public static void add(Map<String, Long> sum, Map<String, Long> more) {
        more.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
    }

    private static Map<String, Long> count(
            @Nullable ResourceRequirements resources, Function<ResourceRequirements, Map<String, Long>> counted) {
        return resources == null ? Map.of() : counted.apply(resources);
    }

    private static void max(Map<String, Long> most, Map<String, Long> other) {
        other.forEach((name, amount) -> most.merge(name, amount, Long::max));
    }
}
