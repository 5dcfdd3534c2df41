package io.vertikube.controller.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.vertikube.controller.workload.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a node that has been silent for longer than it may. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats">Heartbeats</a>
 */
final class NodeHealthPlan {
    static final String READY = "Ready";
    private static final List<String> SPOKEN_BY_KUBELET =
            List.of(READY, "MemoryPressure", "DiskPressure", "PIDPressure");

    private NodeHealthPlan() {}

    static Optional<NodeCondition> condition(Node node, String type) {
        return conditions(node).stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    /** {@code True}, {@code False}, {@code Unknown}; empty when it was never said. */
    static String ready(Node node) {
        return condition(node, READY).map(NodeCondition::getStatus).orElse("");
    }

    static boolean silent(Node node, NodeSigns signs, Duration grace, Duration startupGrace, Instant now) {
        Duration allowed = condition(node, READY).isPresent() ? grace : startupGrace;
        return Duration.between(signs.seenAt(), now).compareTo(allowed) > 0;
    }

    /** The conditions of a silent node, with everything its kubelet used to say unknown; absent if they say so already. */
    static Optional<List<NodeCondition>> unknown(Node node, Instant now) {
        var conditions = new ArrayList<>(conditions(node));
        boolean changed = false;
        for (String type : SPOKEN_BY_KUBELET) {
            Optional<NodeCondition> said = condition(node, type);
            if (said.isEmpty()) {
                conditions.add(new NodeConditionBuilder()
                        .withType(type)
                        .withStatus("Unknown")
                        .withReason("NodeStatusNeverUpdated")
                        .withMessage("Kubelet never posted node status.")
                        .withLastHeartbeatTime(node.getMetadata().getCreationTimestamp())
                        .withLastTransitionTime(Fields.time(now))
                        .build());
                changed = true;
            } else if (!"Unknown".equals(said.get().getStatus())) {
                conditions.replaceAll(c -> type.equals(c.getType()) ? lost(c, now) : c);
                changed = true;
            }
        }
        return changed ? Optional.of(conditions) : Optional.empty();
    }

    private static NodeCondition lost(NodeCondition said, Instant now) {
        return new NodeConditionBuilder(said)
                .withStatus("Unknown")
                .withReason("NodeStatusUnknown")
                .withMessage("Kubelet stopped posting node status.")
                .withLastTransitionTime(Fields.time(now))
                .build();
    }

    private static List<NodeCondition> conditions(Node node) {
        return Fields.list(node.getStatus() == null ? null : node.getStatus().getConditions());
    }
}
