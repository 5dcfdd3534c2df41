package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order in which surplus pods are deleted, first to go first: those that run nowhere, those that are not ready, those
 * marked cheap, those that crowd a node, the young, the restless. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset">Scaling a
 *     ReplicaSet</a>
 */
public final class DeletionRank {
    static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final Map<String, Integer> PHASE_ORDER = Map.of("Pending", 0, "Unknown", 1, "Running", 2);

    private DeletionRank() {}

    /**
     * @param surplus how many have to go
     * @param candidates the pods to choose from
     * @param related pods that count when crowding is judged: those of all siblings, the candidates among them
     */
    public static List<Pod> choose(int surplus, List<Pod> candidates, List<Pod> related, Instant now) {
        if (surplus >= candidates.size()) {
            return List.copyOf(candidates);
        }
        Map<String, Integer> podsOnNode = new HashMap<>();
        for (Pod pod : related) {
            if (Pods.active(pod) && Pods.scheduled(pod)) {
                podsOnNode.merge(pod.getSpec().getNodeName(), 1, Integer::sum);
            }
        }
        return candidates.stream().sorted(order(podsOnNode, now)).limit(surplus).toList();
    }

    private static Comparator<Pod> order(Map<String, Integer> podsOnNode, Instant now) {
        return Comparator.comparing((Pod pod) -> Pods.scheduled(pod))
                .thenComparing(pod -> PHASE_ORDER.getOrDefault(Pods.phase(pod), 0))
                .thenComparing(Pods::ready)
                .thenComparingInt(DeletionRank::deletionCost)
                .thenComparing(
                        pod -> podsOnNode.getOrDefault(Fields.text(pod.getSpec().getNodeName()), 0),
                        Comparator.reverseOrder())
                .thenComparingInt(pod -> magnitude(Pods.readySince(pod).orElse(null), now))
                .thenComparing(Pods::restarts, Comparator.reverseOrder())
                .thenComparingInt(
                        pod -> magnitude(Fields.instant(pod.getMetadata().getCreationTimestamp()), now))
                .thenComparing(pod -> Fields.text(pod.getMetadata().getUid()));
    }

    private static int deletionCost(Pod pod) {
        String cost = Fields.map(pod.getMetadata().getAnnotations()).get(DELETION_COST);
        if (cost == null) {
            return 0;
        }
        try {
            return Integer.parseInt(cost);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    /** Ages are compared by their power of two, so that pods of about the same age are spared or taken evenly. */
    private static int magnitude(@Nullable Instant since, Instant now) {
        if (since == null) {
            return 0;
        }
        long seconds = Math.max(1, Duration.between(since, now).toSeconds());
        return 64 - Long.numberOfLeadingZeros(seconds);
    }
}
