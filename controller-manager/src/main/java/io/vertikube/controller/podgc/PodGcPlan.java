package io.vertikube.controller.podgc;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pods are to be removed, and why. Immutable.
 *
 * @param surplus ended pods beyond the threshold, oldest first
 * @param orphaned pods bound to nodes that are gone
 * @param outOfService terminating pods on nodes that were declared out of service
 * @param unscheduled terminating pods that no kubelet will ever confirm
 */
record PodGcPlan(List<Pod> surplus, List<Pod> orphaned, List<Pod> outOfService, List<Pod> unscheduled) {
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    PodGcPlan {
        surplus = List.copyOf(surplus);
        orphaned = List.copyOf(orphaned);
        outOfService = List.copyOf(outOfService);
        unscheduled = List.copyOf(unscheduled);
    }

    /**
     * @param nodes the nodes there are, by name
     * @param goneNodes nodes that have been missing for long enough
     * @param threshold how many ended pods may stay; none are removed for their number when it is not positive
     */
    static PodGcPlan of(List<Pod> pods, Map<String, Node> nodes, Set<String> goneNodes, int threshold) {
        List<Pod> ended = pods.stream()
                .filter(pod -> Pods.finished(pod) && !Pods.terminating(pod))
                .sorted(Comparator.comparing(
                                (Pod pod) -> Fields.instant(pod.getMetadata().getCreationTimestamp()))
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
        int tooMany = threshold > 0 ? Math.max(0, ended.size() - threshold) : 0;
        var orphaned = new ArrayList<Pod>();
        var outOfService = new ArrayList<Pod>();
        var unscheduled = new ArrayList<Pod>();
        for (Pod pod : pods) {
            if (!Pods.scheduled(pod)) {
                if (Pods.terminating(pod)) {
                    unscheduled.add(pod);
                }
                continue;
            }
            String node = pod.getSpec().getNodeName();
            if (goneNodes.contains(node)) {
                orphaned.add(pod);
            } else if (Pods.terminating(pod) && nodes.containsKey(node) && isOutOfService(nodes.get(node))) {
                outOfService.add(pod);
            }
        }
        return new PodGcPlan(ended.subList(0, tooMany), orphaned, outOfService, unscheduled);
    }

    private static boolean isOutOfService(@org.jspecify.annotations.Nullable Node node) {
        if (node == null || node.getSpec() == null) {
            return false;
        }
        return Fields.list(node.getSpec().getTaints()).stream()
                .map(Taint::getKey)
                .anyMatch(OUT_OF_SERVICE::equals);
    }
}
