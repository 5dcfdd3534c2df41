package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/** Every start asks the registry, so that an image on a node is no way around its pull secret. Off by default. */
final class AlwaysPullImages implements AdmissionPlugin {

    static final String NAME = "AlwaysPullImages";

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
        boolean pod = request.isFor("", "pods")
                || (request.isForAnyPartOf("", "pods") && request.subresource().equals("ephemeralcontainers"));
        if (!writes || !pod) {
            return;
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (ObjectNode container : Trees.objects(request.requireObject().path("spec"), list)) {
                container.put("imagePullPolicy", "Always");
            }
        }
    }
}
