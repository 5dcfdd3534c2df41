package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/** Pods stay five minutes on a node that went away, unless they say how long themselves. */
final class DefaultTolerationSeconds implements AdmissionPlugin {

    private static final int SECONDS = 300;

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
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
        for (String key : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            if (!tolerates(spec.path("tolerations"), key)) {
                Trees.array(spec, "tolerations")
                        .addObject()
                        .put("key", key)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", SECONDS);
            }
        }
    }

    private static boolean tolerates(JsonNode tolerations, String taintKey) {
        for (JsonNode toleration : tolerations) {
            String key = toleration.path("key").asText("");
            String effect = toleration.path("effect").asText("");
            if ((key.equals(taintKey) || key.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty())) {
                return true;
            }
        }
        return false;
    }
}
