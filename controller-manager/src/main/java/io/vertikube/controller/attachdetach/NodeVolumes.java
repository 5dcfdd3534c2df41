package io.vertikube.controller.attachdetach;

import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.controller.workload.Fields;
import java.util.List;

/** What a Node says that matters to detaching. Pure functions. */
final class NodeVolumes {

    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private NodeVolumes() {}

    static AttachPlan.NodeView view(Node node, String volume) {
        return new AttachPlan.NodeView(inUse(node).contains(volume), isOutOfService(node), isReady(node));
    }

    /** Whether two states of a node ask for the same. */
    static boolean same(Node before, Node after) {
        return inUse(before).equals(inUse(after))
                && isOutOfService(before) == isOutOfService(after)
                && isReady(before) == isReady(after);
    }

    private static List<String> inUse(Node node) {
        return node.getStatus() == null
                ? List.of()
                : Fields.list(node.getStatus().getVolumesInUse());
    }

    private static boolean isOutOfService(Node node) {
        return node.getSpec() != null
                && Fields.list(node.getSpec().getTaints()).stream()
                        .anyMatch(taint -> OUT_OF_SERVICE.equals(taint.getKey()));
    }

    private static boolean isReady(Node node) {
        return node.getStatus() != null
                && Fields.list(node.getStatus().getConditions()).stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }
}
