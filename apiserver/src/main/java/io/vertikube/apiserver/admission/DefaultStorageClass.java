package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import java.util.Comparator;
import java.util.Optional;

/** Claims without a class get the default one, the youngest where several are marked. */
final class DefaultStorageClass implements AdmissionPlugin {

    private static final String IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

    private final Stored stored;

    DefaultStorageClass(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "persistentvolumeclaims")) {
            return;
        }
        ObjectNode claim = request.requireObject();
        boolean annotated = Trees.at(claim, "metadata", "annotations").has("volume.beta.kubernetes.io/storage-class");
        ObjectNode spec = Trees.object(claim, "spec");
        if (Trees.absent(spec, "storageClassName") && !annotated) {
            youngest(stored, "/registry/storage.k8s.io/storageclasses/", IS_DEFAULT)
                    .ifPresent(c -> spec.put("storageClassName", Trees.text(c, "metadata", "name")));
        }
    }

    /** The youngest of those whose annotation says that they are the default. */
    static Optional<ObjectNode> youngest(Stored stored, String prefix, String annotation) {
        return stored.settings(prefix).stream()
                .filter(c -> Trees.at(c, "metadata", "annotations")
                        .path(annotation)
                        .asText()
                        .equals("true"))
                .max(Comparator.<ObjectNode, String>comparing(c -> Trees.text(c, "metadata", "creationTimestamp"))
                        .thenComparing(c -> Trees.text(c, "metadata", "name"), Comparator.reverseOrder()));
    }
}
