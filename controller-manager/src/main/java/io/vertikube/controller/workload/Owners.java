package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.object.Gvk;
import java.util.List;
import java.util.Optional;

/** Owner references: who controls an object, and the reference a controller puts on what it makes. Pure. */
public final class Owners {
    private Owners() {}

    public static Optional<OwnerReference> controllerOf(HasMetadata object) {
        return Fields.list(object.getMetadata().getOwnerReferences()).stream()
                .filter(reference -> Fields.flag(reference.getController()))
                .findFirst();
    }

    public static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        return controllerOf(object)
                .filter(reference -> owner.getMetadata().getUid().equals(reference.getUid()))
                .isPresent();
    }

    /** The reference by which {@code owner}, of kind {@code kind}, controls an object. */
    public static OwnerReference controllerReference(HasMetadata owner, Gvk kind) {
        return new OwnerReference(
                kind.apiVersion(),
                true,
                true,
                kind.kind(),
                owner.getMetadata().getName(),
                owner.getMetadata().getUid());
    }

    /** Keys of the index by which an object is found: its controller's uid, or its namespace when nobody controls it. */
    public static List<String> indexKeys(HasMetadata object) {
        return List.of(controllerOf(object)
                .map(OwnerReference::getUid)
                .orElseGet(() -> orphanKey(object.getMetadata().getNamespace())));
    }

    public static String orphanKey(String namespace) {
        return "orphan:" + namespace;
    }
}
