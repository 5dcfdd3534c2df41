package io.vertikube.kubelet.shutdown;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.PodOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which pods end one after the other. Pure functions. */
public final class ShutdownPlan {

    /** Pods that end together, and how long they have. Immutable. */
    public record Group(List<Pod> pods, Duration grace) {

        public Group {
            pods = List.copyOf(pods);
        }

        /** A pod's own grace as far as there is time for it. */
        public long graceSeconds(Pod pod) {
            Long own = pod.getSpec().getTerminationGracePeriodSeconds();
            return Math.max(1, Math.min(own == null ? 30 : own, grace.toSeconds()));
        }
    }

    private ShutdownPlan() {}

    /** Critical pods last; a group without pods takes no time. */
    public static List<Group> of(ShutdownOptions options, List<Pod> pods) {
        List<Group> result = new ArrayList<>();
        List<Pod> regular =
                pods.stream().filter(pod -> !PodOrigin.isCritical(pod)).toList();
        List<Pod> critical = pods.stream().filter(PodOrigin::isCritical).toList();
        if (!regular.isEmpty()) {
            result.add(new Group(regular, options.grace().minus(options.criticalGrace())));
        }
        if (!critical.isEmpty()) {
            result.add(new Group(critical, options.criticalGrace()));
        }
        return result;
    }
}
