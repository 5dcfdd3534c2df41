package io.vertikube.kubelet.shutdown;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.PodOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

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

    /** Pods of low priority first; a group without pods takes no time. */
    public static List<Group> of(ShutdownOptions options, List<Pod> pods) {
        TreeMap<Integer, Duration> times = options.inOrder();
        TreeMap<Integer, List<Pod>> groups = new TreeMap<>();
        for (Pod pod : pods) {
            Integer from = times.floorKey(priority(pod));
            groups.computeIfAbsent(from == null ? times.firstKey() : from, key -> new ArrayList<>())
                    .add(pod);
        }
        List<Group> result = new ArrayList<>();
        groups.forEach((priority, group) -> result.add(new Group(group, times.getOrDefault(priority, Duration.ZERO))));
        return result;
    }

    /** A static pod counts as critical whatever it says. */
    private static int priority(Pod pod) {
        int own = Objects.requireNonNullElse(pod.getSpec().getPriority(), 0);
        return PodOrigin.isCritical(pod) ? Math.max(own, PodOrigin.CRITICAL) : own;
    }
}
