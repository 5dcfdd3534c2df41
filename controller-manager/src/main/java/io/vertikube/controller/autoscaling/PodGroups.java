package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pods of a target by what their metrics are worth ("Algorithm details" in the documentation of horizontal pod
 * autoscaling). Immutable.
 *
 * @param ready how many have a figure that counts
 * @param unready names of those that start still, whose CPU says nothing
 * @param missing names of those without a figure
 * @param ignored names of those that end or have failed
 */
record PodGroups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {

    PodGroups {
        unready = Set.copyOf(unready);
        missing = Set.copyOf(missing);
        ignored = Set.copyOf(ignored);
    }

    /** @param resource {@code cpu} makes readiness count */
    static PodGroups of(
            List<Pod> pods, Map<String, PodMetric> metrics, String resource, AutoscalingTimings timings, Instant now) {
        int ready = 0;
        Set<String> unready = new HashSet<>();
        Set<String> missing = new HashSet<>();
        Set<String> ignored = new HashSet<>();
        for (Pod pod : pods) {
            String name = pod.getMetadata().getName();
            PodMetric metric = metrics.get(name);
            if (Pods.terminating(pod) || Pods.failed(pod)) {
                ignored.add(name);
            } else if (Pods.phase(pod).equals("Pending")) {
                unready.add(name);
            } else if (metric == null) {
                missing.add(name);
            } else if (resource.equals("cpu") && starts(pod, metric, timings, now)) {
                unready.add(name);
            } else {
                ready++;
            }
        }
        return new PodGroups(ready, unready, missing, ignored);
    }

    private static boolean starts(Pod pod, PodMetric metric, AutoscalingTimings timings, Instant now) {
        Optional<PodCondition> condition = Pods.condition(pod, "Ready");
        String startTime = pod.getStatus() == null ? null : pod.getStatus().getStartTime();
        if (condition.isEmpty() || startTime == null) {
            return true;
        }
        Instant started = Fields.instant(startTime);
        Instant changed = Fields.instant(condition.get().getLastTransitionTime());
        boolean notReady = "False".equals(condition.get().getStatus());
        if (started.plus(timings.cpuInitializationPeriod()).isAfter(now)) {
            return notReady || metric.at().isBefore(changed.plus(metric.window()));
        }
        return notReady && started.plus(timings.initialReadinessDelay()).isAfter(changed);
    }
}
