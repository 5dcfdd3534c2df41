package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.value.PodContainers;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How much of a node a pod takes ("Resource sharing within containers" in the documentation): its containers together,
 * or what its init phase needs if that is more, and the overhead of its runtime.
 */
final class PodResources {

    private static final long UNSTATED_MILLI_CPU = 100;
    private static final long UNSTATED_MEMORY = 200L * 1024 * 1024;

    private PodResources() {}

    /** What it asks for. */
    static Resources requested(PodSpec spec) {
        Resources sum = total(spec, PodResources::requests);
        ResourceRequirements whole = spec.getResources();
        Resources stated = whole == null ? Resources.NONE : Resources.of(whole.getRequests());
        return withOverhead(
                spec,
                new Resources(
                        stated.milliCpu() > 0 ? stated.milliCpu() : sum.milliCpu(),
                        stated.memory() > 0 ? stated.memory() : sum.memory(),
                        sum.storage(),
                        sum.others()));
    }

    /** What it is counted as when nodes are compared: a container that asks for nothing still takes something. */
    static Resources assumed(PodSpec spec) {
        return withOverhead(spec, total(spec, container -> {
            Resources asked = requests(container);
            return new Resources(
                    asked.milliCpu() == 0 && !states(container, "cpu") ? UNSTATED_MILLI_CPU : asked.milliCpu(),
                    asked.memory() == 0 && !states(container, "memory") ? UNSTATED_MEMORY : asked.memory(),
                    0,
                    Map.of());
        }));
    }

    private static Resources total(PodSpec spec, Function<Container, Resources> amount) {
        Resources running = Resources.NONE;
        for (Container container : spec.getContainers()) {
            running = running.plus(amount.apply(container));
        }
        Resources sidecars = Resources.NONE;
        Resources starting = Resources.NONE;
        for (Container init : spec.getInitContainers()) {
            if (PodContainers.isSidecar(init)) {
                sidecars = sidecars.plus(amount.apply(init));
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(amount.apply(init)));
            }
        }
        return running.plus(sidecars).max(starting);
    }

    private static Resources withOverhead(PodSpec spec, Resources amount) {
        return spec.getOverhead() == null ? amount : amount.plus(Resources.of(spec.getOverhead()));
    }

    private static Resources requests(Container container) {
        return Resources.of(requestMap(container));
    }

    private static boolean states(Container container, String resource) {
        Map<String, Quantity> requests = requestMap(container);
        return requests != null && requests.containsKey(resource);
    }

    private static @Nullable Map<String, Quantity> requestMap(Container container) {
        return container.getResources() == null
                ? null
                : container.getResources().getRequests();
    }
}
