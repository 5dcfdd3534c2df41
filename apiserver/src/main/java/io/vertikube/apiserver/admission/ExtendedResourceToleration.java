package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;
import java.util.TreeSet;

/** Pods that ask for an extended resource tolerate the taint of the same name. Off by default. */
final class ExtendedResourceToleration implements AdmissionPlugin {

    static final String NAME = "ExtendedResourceToleration";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean mutatesAgain() {
        return true;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        var resources = new TreeSet<String>();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                Trees.at(container, "resources", "requests").fieldNames().forEachRemaining(name -> {
                    boolean own = !name.contains("/") || name.contains("kubernetes.io/");
                    if (!own) {
                        resources.add(name);
                    }
                });
            }
        }
        for (String resource : resources) {
            ObjectNode toleration = Trees.newObject();
            toleration.put("key", resource).put("operator", "Exists").put("effect", "NoSchedule");
            ArrayNode tolerations = Trees.array(spec, "tolerations");
            boolean there = false;
            for (JsonNode own : tolerations) {
                there |= Trees.equal(own, toleration);
            }
            if (!there) {
                tolerations.add(toleration);
            }
        }
    }
}
