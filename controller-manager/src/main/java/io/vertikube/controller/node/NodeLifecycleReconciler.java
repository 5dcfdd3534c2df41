package io.vertikube.controller.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one node: its signs of life, its conditions, its taints. Judges silence by its own clock only, from when it last
 * saw a sign change. One key, one worker at a time.
 */
public final class NodeLifecycleReconciler implements Reconciler {
    static final String LEASES = "kube-node-lease";

    /**
     * How often a node is looked at, how long it may be silent (while it runs, and before its first word), and how fast lost
     * nodes are emptied.
     */
    public record Timings(Duration period, Duration grace, Duration startupGrace, EvictionPace.Rates rates) {
        public Timings(Duration period, Duration grace, Duration startupGrace) {
            this(period, grace, startupGrace, EvictionPace.Rates.USUAL);
        }

        /** A pause between two looks at a node that only a controller makes that stood still. */
        Duration absence() {
            return period.multipliedBy(4);
        }
    }

    private final Informer<Node> nodes;
    private final Informer<Lease> leases;
    private final Informer<Pod> pods;
    private final TypedClient<Node> nodeClient;
    private final TypedClient<Pod> podClient;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Timings timings;
    private final EvictionPace pace;
    private final Map<ObjectKey, NodeSigns> signs = new ConcurrentHashMap<>();

    NodeLifecycleReconciler(ControllerContext context, Timings timings) {
        this.nodes = context.informer(Node.class);
        this.leases = context.informer(Lease.class);
        this.pods = context.informer(Pod.class);
        this.nodeClient = context.client().of(Node.class);
        this.podClient = context.client().of(Pod.class);
        this.events = context.events("node-controller");
        this.clock = context.clock();
        this.timings = timings;
        this.pace = new EvictionPace(timings.rates());
    }

    public static ManagedController controller(ControllerContext context, int workers, Timings timings) {
        var reconciler = new NodeLifecycleReconciler(context, timings);
        Controller queue = context.queue("node-lifecycle-controller", workers, reconciler);
        reconciler.nodes.onChange((before, after) -> {
            Node node = after == null ? before : after;
            if (node != null) {
                reconciler.tellOf(before, after);
                queue.enqueue(ObjectKey.of(node));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Node> found = nodes.get(key);
        if (found.isEmpty()) {
            signs.remove(key);
            return Outcome.done();
        }
        Node node = found.get();
        Instant now = clock.instant();
        NodeSigns seen = look(key, node, now);
        if (NodeHealthPlan.silent(node, seen, timings.grace(), timings.startupGrace(), now)) {
            Optional<List<NodeCondition>> unknown = NodeHealthPlan.unknown(node, now);
            if (unknown.isPresent()) {
                node = nodeClient.updateStatus(new NodeBuilder(node)
                        .editOrNewStatus()
                        .withConditions(unknown.get())
                        .endStatus()
                        .build());
            }
        }
        writeTaints(node, now);
        if (NodeHealthPlan.ready(node).equals("Unknown")) {
            markPodsNotReady(node, now);
        }
        return Outcome.again(timings.period());
    }

    private NodeSigns look(ObjectKey key, Node node, Instant now) {
        String heartbeat = NodeHealthPlan.condition(node, NodeHealthPlan.READY)
                .filter(c -> !"NodeStatusNeverUpdated".equals(c.getReason()))
                .map(c -> Fields.text(c.getLastHeartbeatTime()))
                .orElse("");
        String renewal = leases.get(new ObjectKey(LEASES, key.name()))
                .map(lease -> lease.getSpec() == null || lease.getSpec().getRenewTime() == null
                        ? ""
                        : lease.getSpec().getRenewTime().toString())
                .orElse("");
        NodeSigns before = signs.get(key);
        NodeSigns next = before == null
                ? NodeSigns.first(heartbeat, renewal, now)
                : before.next(heartbeat, renewal, now, timings.absence());
        signs.put(key, next);
        return next;
    }

    private void writeTaints(Node node, Instant now) {
        List<Node> all = nodes.list();
        Optional<List<Taint>> taints = NodeTaintPlan.of(node, leave(node, all, now), now);
        if (taints.isEmpty()) {
            return;
        }
        ObjectNode patch = FencedPatch.of(node.getMetadata());
        ArrayNode list = patch.putObject("spec").putArray("taints");
        taints.get().forEach(taint -> list.add(Json.tree(Json.bytes(taint))));
        nodeClient.patch("", node.getMetadata().getName(), PatchType.MERGE, Json.bytes(patch), null);
    }

    private EvictionLeave leave(Node node, List<Node> all, Instant now) {
        if (NodeTaintPlan.wouldEvict(node)) {
            return pace.ask(node, all, now);
        }
        return EvictionPace.anyReady(all) ? EvictionLeave.NOT_NOW : EvictionLeave.NEVER;
    }

    /** Pods of a silent node serve nobody as far as we know, whatever their last status said. */
    private void markPodsNotReady(Node node, Instant now) {
        for (Pod pod : pods.byIndex(Indexes.BY_NODE, node.getMetadata().getName())) {
            if (!Pods.ready(pod)) {
                continue;
            }
            List<PodCondition> conditions = pod.getStatus().getConditions().stream()
                    .map(condition -> "Ready".equals(condition.getType()) ? notReady(condition, now) : condition)
                    .toList();
            try {
                podClient.updateStatus(new PodBuilder(pod)
                        .editStatus()
                        .withConditions(conditions)
                        .endStatus()
                        .build());
                events.warning(pod, "NodeNotReady", "Node is not ready");
            } catch (ApiException refused) {
                if (!refused.isNotFound() && !refused.isConflict()) {
                    throw refused;
                }
            }
        }
    }

    private static PodCondition notReady(PodCondition ready, Instant now) {
        return new PodConditionBuilder(ready)
                .withStatus("False")
                .withLastTransitionTime(Fields.time(now))
                .build();
    }

    private void tellOf(@Nullable Node before, @Nullable Node after) {
        if (before == null && after != null) {
            events.normal(
                    after,
                    "RegisteredNode",
                    "Node " + name(after) + " event: Registered Node " + name(after) + " in Controller");
        } else if (after == null && before != null) {
            events.normal(
                    before,
                    "RemovingNode",
                    "Node " + name(before) + " event: Removing Node " + name(before) + " from Controller");
        } else if (before != null && after != null) {
            String ready = NodeHealthPlan.ready(after);
            boolean fell =
                    NodeHealthPlan.ready(before).equals("True") && (ready.equals("Unknown") || ready.equals("False"));
            if (fell) {
                events.normal(after, "NodeNotReady", "Node " + name(after) + " status is now: NodeNotReady");
            }
        }
    }

    private static String name(Node node) {
        return node.getMetadata().getName();
    }
}
