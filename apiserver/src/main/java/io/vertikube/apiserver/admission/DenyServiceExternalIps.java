package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No new external addresses on Services: whoever sets them takes over the traffic to them. Off by default; the
 * hardening benchmark wants it on.
 */
final class DenyServiceExternalIps implements AdmissionPlugin {

    static final String NAME = "DenyServiceExternalIPs";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.isFor("", "services")) {
            return;
        }
        @Nullable ObjectNode old = request.oldObject();
        var added = new ArrayList<>(Trees.texts(Trees.at(request.requireObject(), "spec", "externalIPs")));
        added.removeAll(old == null ? List.of() : Trees.texts(Trees.at(old, "spec", "externalIPs")));
        if (!added.isEmpty()) {
            throw ApiErrors.forbidden(
                    request.type().gvr(), request.name(), "Use of external IPs is denied by admission control");
        }
    }
}
