package io.vertikube.controller.ipam;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a range into each node that has none. One worker for all nodes, and it remembers what it gave until that comes back,
 * so that no range is given twice.
 */
public final class NodeIpamReconciler implements Reconciler {
    private static final Duration WHEN_FULL = Duration.ofSeconds(30);

    private final Informer<Node> nodes;
    private final TypedClient<Node> client;
    private final EventRecorder events;
    private final List<RangePlan> plans;
    private final Map<String, List<String>> given = new HashMap<>();

    NodeIpamReconciler(ControllerContext context, List<RangePlan> plans) {
        this.nodes = context.informer(Node.class);
        this.client = context.client().of(Node.class);
        this.events = context.events("cidrAllocator");
        this.plans = List.copyOf(plans);
    }

    /**
     * @param clusterCidrs the cluster's ranges, one a family
     * @param prefixIpv4 the prefix length of a node's IPv4 range
     * @param prefixIpv6 the same for IPv6
     */
    public static ManagedController controller(
            ControllerContext context, List<Cidr> clusterCidrs, int prefixIpv4, int prefixIpv6) {
        List<RangePlan> plans = clusterCidrs.stream()
                .map(range -> new RangePlan(range, range.isIpv6() ? prefixIpv6 : prefixIpv4))
                .toList();
        var reconciler = new NodeIpamReconciler(context, plans);
        Controller queue = context.queue("node-ipam-controller", 1, reconciler);
        reconciler.nodes.onChange(OwnKey.in(queue));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Node> found = nodes.get(key);
        if (found.isEmpty()) {
            given.remove(key.name());
            return Outcome.done();
        }
        Node node = found.get();
        if (!ranges(node).isEmpty()) {
            given.remove(key.name());
            return Outcome.done();
        }
        if (given.containsKey(key.name())) {
            return Outcome.done();
        }
        var taken = new ArrayList<String>();
        nodes.list().forEach(other -> taken.addAll(ranges(other)));
        given.values().forEach(taken::addAll);
        var ranges = new ArrayList<String>();
        for (RangePlan plan : plans) {
            Optional<String> range = plan.free(taken);
            if (range.isEmpty()) {
                events.normal(node, "CIDRNotAvailable", "Node " + key.name() + " status is now: CIDRNotAvailable");
                return Outcome.again(WHEN_FULL);
            }
            ranges.add(range.get());
        }
        write(node, ranges);
        return Outcome.done();
    }

    private void write(Node node, List<String> ranges) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").put("uid", node.getMetadata().getUid());
        ObjectNode spec = patch.putObject("spec");
        spec.put("podCIDR", ranges.getFirst());
        var list = spec.putArray("podCIDRs");
        ranges.forEach(list::add);
        given.put(node.getMetadata().getName(), ranges);
        boolean written = false;
        try {
            client.patch("", node.getMetadata().getName(), PatchType.MERGE, Json.bytes(patch), null);
            written = true;
        } finally {
            if (!written) {
                given.remove(node.getMetadata().getName());
            }
        }
    }

    private static List<String> ranges(Node node) {
        if (node.getSpec() == null) {
            return List.of();
        }
        List<String> all = Fields.list(node.getSpec().getPodCIDRs());
        String one = Fields.text(node.getSpec().getPodCIDR());
        return all.isEmpty() && !one.isEmpty() ? List.of(one) : all;
    }
}
