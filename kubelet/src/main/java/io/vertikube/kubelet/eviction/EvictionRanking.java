package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Container;
import io.vertikube.kubelet.pod.PodOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Which pod has to go first: those that use more than they asked for, then the less important, then those that use most
 * beyond their requests ("Pod selection for kubelet eviction"). Pure functions.
 */
public final class EvictionRanking {

    private EvictionRanking() {}

    /** All pods in the order in which they go; critical and static ones never do. */
    public static List<PodUse> of(Signal signal, List<PodUse> pods) {
        Comparator<PodUse> byPriority = Comparator.comparingInt(EvictionRanking::priority);
        Comparator<PodUse> order =
                switch (signal) {
                    case MEMORY_AVAILABLE -> beyond(PodUse::memory, "memory", byPriority);
                    case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE -> beyond(PodUse::disk, "ephemeral-storage", byPriority);
                    case NODEFS_INODES, IMAGEFS_INODES ->
                        byPriority.thenComparing(
                                Comparator.comparingLong(PodUse::inodes).reversed());
                    case PID_AVAILABLE ->
                        byPriority.thenComparing(
                                Comparator.comparingLong(PodUse::processes).reversed());
                };
        return pods.stream()
                .filter(use -> !PodOrigin.isCritical(use.pod()))
                .sorted(order)
                .toList();
    }

    private static Comparator<PodUse> beyond(
            ToLongFunction<PodUse> used, String resource, Comparator<PodUse> byPriority) {
        ToLongFunction<PodUse> excess = use -> used.applyAsLong(use) - use.request(resource);
        return Comparator.<PodUse, Boolean>comparing(use -> excess.applyAsLong(use) <= 0)
                .thenComparing(byPriority)
                .thenComparing(Comparator.comparingLong(excess).reversed());
    }

    private static int priority(PodUse use) {
        return Objects.requireNonNullElse(use.pod().getSpec().getPriority(), 0);
    }

    /** Why a pod goes, in Kubernetes' words. */
    public static String message(Threshold threshold, Optional<Observation> seen, PodUse use) {
        Signal signal = threshold.signal();
        var text = new StringBuilder("The node was low on resource: " + signal.resource() + ". ");
        seen.ifPresent(observation -> text.append("Threshold quantity: ")
                .append(Amount.text(threshold.value().of(observation.capacity()), signal.inBytes()))
                .append(", available: ")
                .append(Amount.text(observation.available(), signal.inBytes()))
                .append(". "));
        for (Excess each : excess(signal, use)) {
            text.append("Container ")
                    .append(each.name())
                    .append(" was using ")
                    .append(Amount.text(each.used(), true))
                    .append(", request is ")
                    .append(Amount.text(each.request(), true))
                    .append(", has larger consumption of ")
                    .append(signal.resource())
                    .append(". ");
        }
        return text.toString();
    }

    private record Excess(String name, long used, long request) {}

    private static List<Excess> excess(Signal signal, PodUse use) {
        List<Excess> result = new ArrayList<>();
        for (Container container : use.running()) {
            long used =
                    switch (signal) {
                        case MEMORY_AVAILABLE -> use.of(container).memory();
                        case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE ->
                            use.of(container).disk();
                        case NODEFS_INODES, IMAGEFS_INODES, PID_AVAILABLE -> 0;
                    };
            long request = PodUse.requestOf(container, signal.resource());
            if (used > request) {
                result.add(new Excess(container.getName(), used, request));
            }
        }
        return result;
    }
}
