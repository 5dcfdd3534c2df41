package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The status of a DaemonSet, and when to look again because a ready daemon becomes available by the clock alone. Immutable. */
record DaemonSetStatusPlan(DaemonSetStatus status, Optional<Duration> lookAgain) {

    static DaemonSetStatusPlan of(DaemonSet set, List<Node> nodes, List<Pod> pods, String hash, Instant now) {
        Map<String, List<Pod>> byNode = DaemonSetPlan.byNode(pods);
        PodSpec spec = DaemonPod.spec(set);
        int delay = Fields.number(set.getSpec().getMinReadySeconds());
        int desired = 0;
        int current = 0;
        int misscheduled = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        Optional<Duration> lookAgain = Optional.empty();
        for (Node node : nodes) {
            List<Pod> here = byNode.getOrDefault(node.getMetadata().getName(), List.of());
            if (!NodeFit.of(spec, node).run()) {
                misscheduled += here.isEmpty() ? 0 : 1;
                continue;
            }
            desired++;
            Optional<Pod> newest = here.stream()
                    .max(Comparator.comparing((Pod pod) -> !Pods.terminating(pod))
                            .thenComparing(pod -> DaemonSetPlan.updated(pod, hash))
                            .thenComparing(pod -> Fields.text(pod.getMetadata().getCreationTimestamp())));
            if (newest.isEmpty()) {
                continue;
            }
            current++;
            updated += DaemonSetPlan.updated(newest.get(), hash) ? 1 : 0;
            Optional<Pod> serving = here.stream().filter(Pods::ready).findFirst();
            if (serving.isPresent()) {
                ready++;
                if (Pods.available(serving.get(), delay, now)) {
                    available++;
                } else {
                    lookAgain = lookAgain.or(() -> Pods.untilAvailable(serving.get(), delay, now));
                }
            }
        }
        DaemonSetStatus old = set.getStatus() == null ? new DaemonSetStatus() : set.getStatus();
        DaemonSetStatus status = new DaemonSetStatusBuilder(old)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withDesiredNumberScheduled(desired)
                .withCurrentNumberScheduled(current)
                .withNumberMisscheduled(misscheduled)
                .withNumberReady(ready)
                .withUpdatedNumberScheduled(Fields.count(updated))
                .withNumberAvailable(Fields.count(available))
                .withNumberUnavailable(Fields.count(desired - available))
                .build();
        return new DaemonSetStatusPlan(status, lookAgain);
    }
}
