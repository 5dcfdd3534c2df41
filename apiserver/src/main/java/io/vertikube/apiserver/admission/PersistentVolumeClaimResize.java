package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.value.Quantities;
import org.jspecify.annotations.Nullable;

/** A claim grows only when it is bound and its class allows it. */
final class PersistentVolumeClaimResize implements AdmissionPlugin {

    private final Stored stored;

    PersistentVolumeClaimResize(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(AdmissionRequest request) {
        @Nullable ObjectNode old = request.oldObject();
        if (request.operation() != Operation.UPDATE || !request.isFor("", "persistentvolumeclaims") || old == null) {
            return;
        }
        ObjectNode claim = request.requireObject();
        if (!grows(size(claim), size(old))) {
            return;
        }
        if (!Trees.text(old, "status", "phase").equals("Bound")) {
            throw refuse(request, "Only bound persistent volume claims can be expanded");
        }
        String className = Trees.text(claim, "spec", "storageClassName");
        boolean allowed = !className.isEmpty()
                && stored.tree("/registry/storage.k8s.io/storageclasses/" + className)
                        .map(c -> c.path("allowVolumeExpansion").asBoolean())
                        .orElse(false);
        if (!allowed) {
            throw refuse(
                    request,
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc"
                            + " must support resize");
        }
    }

    private static String size(JsonNode claim) {
        return Trees.text(claim, "spec", "resources", "requests", "storage");
    }

    private static boolean grows(String now, String before) {
        return Quantities.isQuantity(now)
                && Quantities.isQuantity(before)
                && Quantities.parse(now).compareTo(Quantities.parse(before)) > 0;
    }

    private static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), why);
    }
}
