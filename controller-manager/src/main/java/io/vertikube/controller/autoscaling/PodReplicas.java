package io.vertikube.controller.autoscaling;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many pods a metric of pods asks for: as many as bring its average to the target. What is not known counts against
 * the change: pods without a figure use their full share when there is to be less, and nothing when there is to be more;
 * starting pods use nothing. Pure; confined to one calculation.
 */
final class PodReplicas {

    /**
     * The outcome.
     *
     * @param utilization average per cent of requests; 0 where the target is a value
     * @param averageMilli average of the pods that count, in thousandths
     */
    record Result(int replicas, int utilization, long averageMilli) {}

    private final int current;
    private final Tolerance tolerance;
    private final PodGroups groups;
    private final Map<String, Long> values = new HashMap<>();

    /** Requests of each pod where the target is a share of them; else empty. */
    private final Map<String, Long> requests = new HashMap<>();

    private final long target;
    private int utilization;

    private PodReplicas(
            int current, long target, Tolerance tolerance, PodGroups groups, Map<String, PodMetric> metrics) {
        this.current = current;
        this.target = target;
        this.tolerance = tolerance;
        this.groups = groups;
        metrics.forEach((pod, metric) -> {
            if (!groups.ignored().contains(pod) && !groups.unready().contains(pod)) {
                values.put(pod, metric.milli());
            }
        });
    }

    /**
     * Towards an average share of what the pods request.
     *
     * @param container whose requests count; empty for all of a pod
     * @param percent the share
     */
    static Result ofUtilization(
            int current,
            int percent,
            String resource,
            String container,
            List<Pod> pods,
            Map<String, PodMetric> metrics,
            Tolerance tolerance,
            AutoscalingTimings timings,
            Instant now)
            throws Unmeasurable {
        demandPods(pods);
        var groups = PodGroups.of(pods, metrics, resource, timings, now);
        var sum = new PodReplicas(current, percent, tolerance, groups, metrics);
        sum.demandValues();
        for (Pod pod : pods) {
            sum.requests.put(pod.getMetadata().getName(), request(pod, container, resource));
        }
        return sum.result();
    }

    /**
     * Towards an average value.
     *
     * @param resource empty for metrics that are no resource
     */
    static Result ofValue(
            int current,
            long targetMilli,
            String resource,
            List<Pod> pods,
            Map<String, PodMetric> metrics,
            Tolerance tolerance,
            AutoscalingTimings timings,
            Instant now)
            throws Unmeasurable {
        demandPods(pods);
        var groups = PodGroups.of(pods, metrics, resource, timings, now);
        var sum = new PodReplicas(current, targetMilli, tolerance, groups, metrics);
        sum.demandValues();
        return sum.result();
    }

    private static void demandPods(List<Pod> pods) throws Unmeasurable {
        if (pods.isEmpty()) {
            throw new Unmeasurable("no pods returned by selector while calculating replica count");
        }
    }

    private void demandValues() throws Unmeasurable {
        if (values.isEmpty()) {
            throw new Unmeasurable("did not receive metrics for targeted pods (pods might be unready)");
        }
    }

    private static long request(Pod pod, String container, String resource) throws Unmeasurable {
        long sum = 0;
        for (Container each : PodContainers.longRunning(pod.getSpec())) {
            if (!container.isEmpty() && !each.getName().equals(container)) {
                continue;
            }
            Quantity request = each.getResources() == null
                    ? null
                    : Fields.map(each.getResources().getRequests()).get(resource);
            if (request == null) {
                throw new Unmeasurable("missing request for " + resource + " in container " + each.getName()
                        + " of Pod " + pod.getMetadata().getName());
            }
            sum += Quantities.milli(request.toString());
        }
        return sum;
    }

    private Result result() throws Unmeasurable {
        double ratio = ratio();
        long average = values.values().stream().mapToLong(Long::longValue).sum() / values.size();
        return new Result(replicas(ratio), utilization, average);
    }

    private int replicas(double ratio) throws Unmeasurable {
        int seen = utilization;
        boolean upWithStarting = !groups.unready().isEmpty() && ratio > 1;
        if (!upWithStarting && groups.missing().isEmpty()) {
            return tolerance.covers(ratio) ? current : ceiling(ratio, groups.ready());
        }
        for (String pod : groups.missing()) {
            if (ratio < 1) {
                values.put(pod, fullShare(pod));
            } else if (ratio > 1) {
                values.put(pod, 0L);
            }
        }
        if (upWithStarting) {
            groups.unready().forEach(pod -> values.put(pod, 0L));
        }
        double careful = ratio();
        utilization = seen;
        boolean turned = (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1);
        if (tolerance.covers(careful) || turned) {
            return current;
        }
        int wanted = ceiling(careful, values.size());
        boolean backwards = (careful < 1 && wanted > current) || (careful > 1 && wanted < current);
        return backwards ? current : wanted;
    }

    private long fullShare(String pod) {
        Long request = requests.get(pod);
        return request == null ? target : request * Math.max(100, target) / 100;
    }

    private double ratio() throws Unmeasurable {
        if (requests.isEmpty()) {
            double sum = values.values().stream().mapToLong(Long::longValue).sum();
            return Math.floor(sum / values.size()) / target;
        }
        long used = 0;
        long requested = 0;
        for (var value : values.entrySet()) {
            Long request = requests.get(value.getKey());
            if (request != null) {
                used += value.getValue();
                requested += request;
            }
        }
        if (requested == 0) {
            throw new Unmeasurable("no metrics returned matched known pods");
        }
        utilization = (int) (used * 100 / requested);
        return (double) utilization / target;
    }

    static int ceiling(double ratio, int pods) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(ratio * pods));
    }
}
