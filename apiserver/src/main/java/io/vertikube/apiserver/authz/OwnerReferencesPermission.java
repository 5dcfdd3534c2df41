package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who makes another object the owner of this one, and so has it deleted with that, must be allowed to delete this one;
 * and who blocks the owner's deletion, to set the owner's finalizers (OwnerReferencesPermissionEnforcement). Off by
 * default. Safe for any thread.
 */
public final class OwnerReferencesPermission implements AdmissionPlugin {

    private final Authorizer authorizer;
    private final Supplier<Catalog> catalog;

    public OwnerReferencesPermission(Authorizer authorizer, Supplier<Catalog> catalog) {
        this.authorizer = authorizer;
        this.catalog = catalog;
    }

    @Override
    public String name() {
        return "OwnerReferencesPermissionEnforcement";
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || request.object() == null) {
            return;
        }
        @Nullable ObjectNode old = request.oldObject();
        JsonNode now = Trees.at(request.requireObject(), "metadata", "ownerReferences");
        JsonNode before = old == null ? Trees.newObject().path("none") : Trees.at(old, "metadata", "ownerReferences");
        if (Trees.equal(now, before)) {
            return;
        }
        if (request.operation() == Operation.UPDATE) {
            ResourceType type = request.type();
            Decision decision = authorizer.authorize(Attributes.resource(
                    request.user(),
                    "delete",
                    type.group(),
                    type.version(),
                    type.plural(),
                    request.namespace(),
                    request.name()));
            if (!decision.allowed()) {
                throw ApiErrors.forbidden(
                        type.gvr(),
                        request.name(),
                        "cannot set an ownerRef on a resource you can't delete: " + decision.reason());
            }
        }
        for (JsonNode owner : now) {
            if (owner.path("blockOwnerDeletion").asBoolean() && !blocked(before, owner)) {
                demandFinalizers(request, owner);
            }
        }
    }

    private static boolean blocked(JsonNode before, JsonNode owner) {
        for (JsonNode other : before) {
            if (other.path("uid").equals(owner.path("uid"))
                    && other.path("blockOwnerDeletion").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    private void demandFinalizers(AdmissionRequest request, JsonNode owner) {
        Gvk kind = Gvk.of(owner.path("apiVersion").asText(), owner.path("kind").asText());
        Optional<ResourceType> type = catalog.get().byKind(kind);
        if (type.isEmpty()) {
            throw refuse(request, "no RESTMapping found for " + kind);
        }
        Decision decision = authorizer.authorize(Attributes.resource(
                        request.user(),
                        "update",
                        type.get().group(),
                        type.get().version(),
                        type.get().plural(),
                        type.get().namespaced() ? request.namespace() : "",
                        owner.path("name").asText())
                .withSubresource("finalizers"));
        if (!decision.allowed()) {
            throw refuse(request, decision.reason());
        }
    }

    private static io.vertikube.object.ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(
                request.type().gvr(),
                request.name(),
                "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: "
                        + why);
    }
}
