package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;

/** Claims, volumes and volume attributes classes in use cannot vanish: a finalizer holds them. */
final class StorageObjectInUseProtection implements AdmissionPlugin {

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE) {
            return;
        }
        if (request.isFor("", "persistentvolumeclaims")) {
            protect(request.requireObject(), "kubernetes.io/pvc-protection");
        } else if (request.isFor("", "persistentvolumes")) {
            protect(request.requireObject(), "kubernetes.io/pv-protection");
        } else if (request.isFor("storage.k8s.io", "volumeattributesclasses")) {
            protect(request.requireObject(), "kubernetes.io/vac-protection");
        }
    }

    private static void protect(ObjectNode object, String finalizer) {
        ArrayNode finalizers = Trees.array(Trees.object(object, "metadata"), "finalizers");
        if (!Trees.contains(finalizers, finalizer)) {
            finalizers.add(finalizer);
        }
    }
}
