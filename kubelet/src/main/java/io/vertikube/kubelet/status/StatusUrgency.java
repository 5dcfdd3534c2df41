package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Which statuses somebody may be waiting for. Pure functions. */
final class StatusUrgency {

    private static final Set<String> USUAL = Set.of("ContainerCreating", "PodInitializing");

    private StatusUrgency() {}

    /** Whether a pod is only on its way: nothing of it has run yet, and nothing is in its way that people should know of. */
    static boolean isOnItsWay(PodStatus status) {
        return "Pending".equals(status.getPhase())
                && status.getReason() == null
                && Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                        .flatMap(some -> Objects.requireNonNullElse(some, List.<ContainerStatus>of()).stream())
                        .allMatch(StatusUrgency::waitsAsUsual);
    }

    private static boolean waitsAsUsual(ContainerStatus status) {
        var waiting = status.getState() == null ? null : status.getState().getWaiting();
        return waiting != null && USUAL.contains(waiting.getReason());
    }
}
