package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.pod.PodOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which pods make room for one that the node cannot do without. Pure functions. */
final class Preemption {

    private static final List<String> WORTH = List.of("BestEffort", "Burstable", "Guaranteed");

    private Preemption() {}

    /**
     * Pods that have to go, those of the lowest quality of service and priority first; empty where even all of them would
     * not be enough.
     *
     * @param missing amounts by resource
     */
    static Optional<List<Pod>> victims(Map<String, Long> missing, List<Other> others) {
        Map<String, Long> left = new HashMap<>(missing);
        List<Pod> result = new ArrayList<>();
        List<Other> candidates = others.stream()
                .filter(other -> !PodOrigin.isCritical(other.pod()))
                .sorted(Comparator.comparingInt((Other other) -> WORTH.indexOf(PodResources.qosClass(other.pod())))
                        .thenComparing(other ->
                                Objects.requireNonNullElse(other.pod().getSpec().getPriority(), 0)))
                .toList();
        for (Other other : candidates) {
            Map<String, Long> has = other.demand().amounts();
            boolean helps = left.entrySet().stream()
                    .anyMatch(each -> each.getValue() > 0 && has.getOrDefault(each.getKey(), 0L) > 0);
            if (helps) {
                left.replaceAll((resource, amount) -> amount - has.getOrDefault(resource, 0L));
                result.add(other.pod());
            }
        }
        return left.values().stream().allMatch(amount -> amount <= 0) ? Optional.of(result) : Optional.empty();
    }
}
