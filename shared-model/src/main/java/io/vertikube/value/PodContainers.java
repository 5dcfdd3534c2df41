package io.vertikube.value;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A pod's containers by what they are there for. Pure. */
public final class PodContainers {

    private PodContainers() {}

    /** Those of the init list, sidecars among them. */
    public static List<Container> init(PodSpec spec) {
        return Objects.requireNonNullElse(spec.getInitContainers(), List.of());
    }

    /** Whether one of the init list goes on beside the pod's own containers ("Sidecar containers" in the documentation). */
    public static boolean isSidecar(Container init) {
        return "Always".equals(init.getRestartPolicy());
    }

    /** All but ephemeral ones, in the order in which they start. */
    public static List<Container> all(PodSpec spec) {
        return Stream.concat(init(spec).stream(), spec.getContainers().stream()).toList();
    }

    /** Those that run side by side: the pod's own, then sidecars. */
    public static List<Container> longRunning(PodSpec spec) {
        return Stream.concat(spec.getContainers().stream(), init(spec).stream().filter(PodContainers::isSidecar))
                .toList();
    }
}
