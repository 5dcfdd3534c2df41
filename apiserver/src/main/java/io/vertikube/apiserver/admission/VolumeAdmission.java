package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import java.util.Comparator;

/**
 * Claims without a class get the default one (DefaultStorageClass); claims and volumes in use cannot vanish
 * (StorageObjectInUseProtection).
 */
final class VolumeAdmission implements AdmissionPlugin {

    private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

    private final Stored stored;

    VolumeAdmission(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "DefaultStorageClass,StorageObjectInUseProtection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE) {
            return;
        }
        if (request.isFor("", "persistentvolumeclaims")) {
            defaultClass(Trees.object(request.requireObject(), "spec"));
            protect(request.requireObject(), "kubernetes.io/pvc-protection");
        } else if (request.isFor("", "persistentvolumes")) {
            protect(request.requireObject(), "kubernetes.io/pv-protection");
        }
    }

    private void defaultClass(ObjectNode spec) {
        if (!Trees.absent(spec, "storageClassName")) {
            return;
        }
        stored.trees("/registry/storage.k8s.io/storageclasses/").stream()
                .filter(c -> Trees.at(c, "metadata", "annotations")
                        .path(IS_DEFAULT)
                        .asText()
                        .equals("true"))
                .max(Comparator.<ObjectNode, String>comparing(c -> Trees.text(c, "metadata", "creationTimestamp"))
                        .thenComparing(c -> Trees.text(c, "metadata", "name"), Comparator.reverseOrder()))
                .ifPresent(c -> spec.put("storageClassName", Trees.text(c, "metadata", "name")));
    }

    private static void protect(ObjectNode object, String finalizer) {
        ArrayNode finalizers = Trees.array(Trees.object(object, "metadata"), "finalizers");
        if (!Trees.contains(finalizers, finalizer)) {
            finalizers.add(finalizer);
        }
    }
}
