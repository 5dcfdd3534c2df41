package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.kubelet.status.PodStatusPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Whether a node that is short of something takes a new pod ("Node conditions" in the documentation). Pure functions. */
public final class PressureAdmission {

    private static final String MEMORY_TAINT = "node.kubernetes.io/memory-pressure";

    private PressureAdmission() {}

    /** Why it does not; empty when it does. */
    public static Optional<PodStatusPlan.PodEnd> refuse(Pod pod, Set<Signal.Pressure> pressures) {
        if (pressures.isEmpty() || PodOrigin.isCritical(pod)) {
            return Optional.empty();
        }
        if (pressures.equals(Set.of(Signal.Pressure.MEMORY))
                && (!PodResources.qosClass(pod).equals("BestEffort") || tolerates(pod))) {
            return Optional.empty();
        }
        List<String> conditions =
                pressures.stream().map(Signal.Pressure::condition).sorted().toList();
        return Optional.of(new PodStatusPlan.PodEnd(
                "Evicted", "Pod was rejected: The node had condition: [" + String.join(" ", conditions) + "]. "));
    }

    private static boolean tolerates(Pod pod) {
        return Objects.requireNonNullElse(pod.getSpec().getTolerations(), List.<Toleration>of()).stream()
                .anyMatch(one -> (one.getEffect() == null
                                || one.getEffect().isEmpty()
                                || one.getEffect().equals("NoSchedule"))
                        && (MEMORY_TAINT.equals(one.getKey())
                                || ((one.getKey() == null || one.getKey().isEmpty())
                                        && "Exists".equals(one.getOperator()))));
    }
}
