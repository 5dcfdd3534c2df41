package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.controller.workload.Fields;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which part of the cluster's processors each zone has, counting ready nodes that are not for the control plane. Immutable.
 *
 * @param millisByZone thousandths of processors that pods may have
 * @param whole whether every such node names its zone and its processors
 */
record ZoneShares(Map<String, Long> millisByZone, boolean whole) {
    static final String ZONE = "topology.kubernetes.io/zone";

    ZoneShares {
        millisByZone = Map.copyOf(millisByZone);
    }

    static ZoneShares of(Collection<Node> nodes) {
        var millis = new TreeMap<String, Long>();
        boolean whole = true;
        for (Node node : nodes) {
            Map<String, String> labels = Fields.map(node.getMetadata().getLabels());
            boolean controlPlane = labels.containsKey("node-role.kubernetes.io/control-plane")
                    || labels.containsKey("node-role.kubernetes.io/master");
            if (controlPlane || !ready(node)) {
                continue;
            }
            String zone = Fields.text(labels.get(ZONE));
            long has = processors(node);
            if (zone.isEmpty() || has <= 0) {
                whole = false;
            } else {
                millis.merge(zone, has, Long::sum);
            }
        }
        return new ZoneShares(millis, whole);
    }

    /** A zone's part of all, between 0 and 1. */
    double of(String zone) {
        long all = millisByZone.values().stream().mapToLong(Long::longValue).sum();
        return all == 0 ? 0 : (double) millisByZone.getOrDefault(zone, 0L) / all;
    }

    private static long processors(Node node) {
        Quantity cpu = node.getStatus() == null
                ? null
                : Fields.map(node.getStatus().getAllocatable()).get("cpu");
        return cpu == null
                ? 0
                : cpu.getNumericalAmount().multiply(BigDecimal.valueOf(1000)).longValue();
    }

    private static boolean ready(Node node) {
        return Fields.list(node.getStatus() == null ? null : node.getStatus().getConditions()).stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
