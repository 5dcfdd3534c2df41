package io.vertikube.controller.podgc;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Disruption;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sweeps over all pods from time to time, on one worker. A node counts as gone when it has been missing for a while and the server
 * says so too.
 */
public final class PodGcReconciler implements Reconciler {
    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Duration QUARANTINE = Duration.ofSeconds(40);
    private static final ObjectKey SWEEP = ObjectKey.cluster("sweep");

    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final TypedClient<Node> nodeClient;
    private final Disruption disruption;
    private final InstantSource clock;
    private final int threshold;
    private final Map<String, Instant> missingSince = new HashMap<>();

    PodGcReconciler(ControllerContext context, int threshold) {
        this.pods = context.informer(Pod.class);
        this.nodes = context.informer(Node.class);
        this.nodeClient = context.client().of(Node.class);
        this.disruption = new Disruption(context.client().of(Pod.class));
        this.clock = context.clock();
        this.threshold = threshold;
    }

    /** @param threshold how many ended pods may stay */
    public static ManagedController controller(ControllerContext context, int threshold) {
        Controller queue =
                context.queue("pod-garbage-collector-controller", 1, new PodGcReconciler(context, threshold));
        return ManagedController.of(List.of(queue), () -> queue.enqueue(SWEEP));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Instant now = clock.instant();
        List<Pod> all = pods.list();
        Map<String, Node> known = new HashMap<>();
        nodes.list().forEach(node -> known.put(node.getMetadata().getName(), node));
        PodGcPlan plan = PodGcPlan.of(all, known, gone(all, known.keySet(), now), threshold);
        plan.surplus().forEach(pod -> disruption.delete(pod, 0L));
        plan.orphaned()
                .forEach(pod -> disruption.end(pod, true, "DeletionByPodGC", "PodGC: node no longer exists", 0L, now));
        plan.outOfService()
                .forEach(pod -> disruption.end(pod, true, "DeletionByPodGC", "PodGC: node is out-of-service", 0L, now));
        plan.unscheduled().forEach(pod -> disruption.delete(pod, 0L));
        return Outcome.again(PERIOD);
    }

    private Set<String> gone(List<Pod> all, Set<String> known, Instant now) {
        var missing = new HashSet<String>();
        for (Pod pod : all) {
            if (Pods.scheduled(pod) && !known.contains(pod.getSpec().getNodeName())) {
                missing.add(pod.getSpec().getNodeName());
            }
        }
        missingSince.keySet().retainAll(missing);
        var gone = new HashSet<String>();
        for (String node : missing) {
            Instant since = missingSince.computeIfAbsent(node, name -> now);
            boolean longEnough = !since.plus(QUARANTINE).isAfter(now);
            if (longEnough && nodeClient.find("", node).isEmpty()) {
                gone.add(node);
            }
        }
        return gone;
    }
}
