package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;

/** A new node takes no pods until it is known to be ready (TaintNodesByCondition). */
final class NodeAdmission implements AdmissionPlugin {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "nodes")) {
            return;
        }
        ArrayNode taints = Trees.array(Trees.object(request.requireObject(), "spec"), "taints");
        boolean there = false;
        for (var taint : taints) {
            there |= taint.path("key").asText().equals(NOT_READY)
                    && taint.path("effect").asText().equals("NoSchedule");
        }
        if (!there) {
            ObjectNode taint = taints.addObject();
            taint.put("key", NOT_READY).put("effect", "NoSchedule");
        }
    }
}
