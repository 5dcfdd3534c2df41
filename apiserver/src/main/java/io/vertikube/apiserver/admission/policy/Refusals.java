package io.vertikube.apiserver.admission.policy;

import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetailsBuilder;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;
import java.util.List;

/** How a client is told that a policy said no: a refusal of the object with the policy's reason and code. Pure functions. */
final class Refusals {

    private Refusals() {}

    static ApiException of(AdmissionRequest request, String reason, String why) {
        Gvr type = request.type().gvr();
        String name = name(request);
        int code =
                switch (reason) {
                    case "Unauthorized" -> 401;
                    case "Forbidden" -> 403;
                    case "RequestEntityTooLarge" -> 413;
                    default -> 422;
                };
        return ApiErrors.of(
                code,
                reason,
                type.qualified() + " \"" + name + "\" is forbidden: " + why,
                new StatusDetailsBuilder()
                        .withName(name)
                        .withGroup(type.group().isEmpty() ? null : type.group())
                        .withKind(type.resource())
                        .withCauses(List.of(new StatusCause(null, why, null)))
                        .build());
    }

    private static String name(AdmissionRequest request) {
        if (!request.name().isEmpty()) {
            return request.name();
        }
        String base = Trees.text(request.shown(), "metadata", "generateName");
        return base.isEmpty() ? "Unknown" : base;
    }
}
