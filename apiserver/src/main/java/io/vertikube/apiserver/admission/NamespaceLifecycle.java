package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetailsBuilder;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvr;
import java.util.Set;

/** Nothing is created in a namespace that is not there or on its way out; the system's own are never deleted. */
final class NamespaceLifecycle implements AdmissionPlugin {

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    private static final Gvr NAMESPACES = new Gvr("", "v1", "namespaces");

    private final Stored stored;

    NamespaceLifecycle(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() == Operation.DELETE
                && request.isFor("", "namespaces")
                && IMMORTAL.contains(request.name())) {
            throw ApiErrors.forbidden(NAMESPACES, request.name(), "this namespace may not be deleted");
        }
        boolean inNamespace =
                request.type().namespaced() && !request.namespace().isEmpty();
        if (!inNamespace
                || request.operation() != Operation.CREATE
                || request.isFor("authorization.k8s.io", "localsubjectaccessreviews")) {
            return;
        }
        ObjectNode namespace = stored.setting("/registry/core/namespaces/" + request.namespace())
                .orElseThrow(() -> ApiErrors.notFound(NAMESPACES, request.namespace()));
        boolean leaving = namespace.path("metadata").hasNonNull("deletionTimestamp")
                || namespace.path("status").path("phase").asText().equals("Terminating");
        if (leaving) {
            throw terminating(request);
        }
    }

    private static ApiException terminating(AdmissionRequest request) {
        Gvr type = request.type().gvr();
        var details = new StatusDetailsBuilder()
                .withName(request.name().isEmpty() ? null : request.name())
                .withGroup(type.group().isEmpty() ? null : type.group())
                .withKind(type.resource())
                .withCauses(new StatusCause(
                        "metadata.namespace",
                        "namespace " + request.namespace() + " is being terminated",
                        "NamespaceTerminating"))
                .build();
        String subject = request.name().isEmpty() ? type.qualified() : type.qualified() + " \"" + request.name() + "\"";
        return ApiErrors.of(
                403,
                "Forbidden",
                subject + " is forbidden: unable to create new content in namespace " + request.namespace()
                        + " because it is being terminated",
                details);
    }
}
