package io.vertikube.controller.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The taints that a node's conditions call for. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions">Taint
 *     based evictions</a>
 */
final class NodeTaintPlan {
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    private static final Map<String, String> PRESSURES = Map.of(
            "MemoryPressure", "node.kubernetes.io/memory-pressure",
            "DiskPressure", "node.kubernetes.io/disk-pressure",
            "PIDPressure", "node.kubernetes.io/pid-pressure",
            "NetworkUnavailable", "node.kubernetes.io/network-unavailable");
    private static final Set<String> READINESS = Set.of(NOT_READY, UNREACHABLE);

    private NodeTaintPlan() {}

    /**
     * The taints to write; absent when they stand. Taints of other keys are left as they are.
     *
     * @param leave whether pods may be driven off
     */
    static Optional<List<Taint>> of(Node node, EvictionLeave leave, Instant now) {
        List<Taint> before =
                Fields.list(node.getSpec() == null ? null : node.getSpec().getTaints());
        var taints = new ArrayList<Taint>();
        for (Taint taint : before) {
            if (!managed(taint)) {
                taints.add(taint);
            }
        }
        for (String key : blocking(node)) {
            taints.add(found(before, key, "NoSchedule").orElseGet(() -> new Taint("NoSchedule", key, null, null)));
        }
        Optional<String> evicting = leave == EvictionLeave.NEVER ? Optional.empty() : evicting(node);
        evicting.flatMap(key -> found(before, key, "NoExecute")
                        .or(() -> leave == EvictionLeave.NOW
                                ? Optional.of(new Taint("NoExecute", key, Fields.time(now), null))
                                : Optional.empty()))
                .ifPresent(taints::add);
        boolean same = taints.size() == before.size() && Set.copyOf(taints).equals(Set.copyOf(before));
        return same ? Optional.empty() : Optional.of(taints);
    }

    /** Whether the pods of a node are to be driven off and are not yet: the question for which there is a limit. */
    static boolean wouldEvict(Node node) {
        List<Taint> taints =
                Fields.list(node.getSpec() == null ? null : node.getSpec().getTaints());
        return evicting(node)
                .filter(key -> found(taints, key, "NoExecute").isEmpty())
                .isPresent();
    }

    private static List<String> blocking(Node node) {
        var keys = new ArrayList<String>();
        switch (NodeHealthPlan.ready(node)) {
            case "True" -> {}
            case "Unknown" -> keys.add(UNREACHABLE);
            default -> keys.add(NOT_READY);
        }
        PRESSURES.forEach((condition, key) -> {
            boolean pressed = NodeHealthPlan.condition(node, condition)
                    .filter(c -> "True".equals(c.getStatus()))
                    .isPresent();
            if (pressed) {
                keys.add(key);
            }
        });
        if (node.getSpec() != null && Fields.flag(node.getSpec().getUnschedulable())) {
            keys.add(UNSCHEDULABLE);
        }
        return keys;
    }

    private static Optional<String> evicting(Node node) {
        return switch (NodeHealthPlan.ready(node)) {
            case "False" -> Optional.of(NOT_READY);
            case "Unknown" -> Optional.of(UNREACHABLE);
            default -> Optional.empty();
        };
    }

    private static boolean managed(Taint taint) {
        if ("NoExecute".equals(taint.getEffect())) {
            return READINESS.contains(taint.getKey());
        }
        return "NoSchedule".equals(taint.getEffect())
                && (READINESS.contains(taint.getKey())
                        || UNSCHEDULABLE.equals(taint.getKey())
                        || PRESSURES.containsValue(taint.getKey()));
    }

    private static Optional<Taint> found(List<Taint> taints, String key, String effect) {
        return taints.stream()
                .filter(taint -> Objects.equals(key, taint.getKey()) && effect.equals(taint.getEffect()))
                .findFirst();
    }
}
