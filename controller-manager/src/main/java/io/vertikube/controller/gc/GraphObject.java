package io.vertikube.controller.gc;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.catalog.ResourceType;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.Gvk;
import java.util.List;

/**
 * What the graph remembers of an object. Immutable.
 *
 * @param foreground waits for what it owns before it goes
 * @param orphan lets what it owns go free before it goes
 */
record GraphObject(
        ResourceType type,
        String namespace,
        String name,
        String uid,
        List<OwnerReference> owners,
        boolean deleting,
        boolean foreground,
        boolean orphan) {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    GraphObject {
        owners = List.copyOf(owners);
    }

    static GraphObject of(ResourceType type, HasMetadata object) {
        var metadata = object.getMetadata();
        boolean deleting = metadata.getDeletionTimestamp() != null;
        List<String> finalizers = Fields.list(metadata.getFinalizers());
        return new GraphObject(
                type,
                Fields.text(metadata.getNamespace()),
                metadata.getName(),
                metadata.getUid(),
                Fields.list(metadata.getOwnerReferences()),
                deleting,
                finalizers.contains(FOREGROUND),
                finalizers.contains(ORPHAN));
    }

    boolean waitsForDependents() {
        return deleting && foreground;
    }

    boolean orphansDependents() {
        return deleting && orphan;
    }

    boolean blocks(String ownerUid) {
        return owners.stream()
                .anyMatch(owner -> ownerUid.equals(owner.getUid()) && Fields.flag(owner.getBlockOwnerDeletion()));
    }

    /** Whether a reference from an object in {@code namespace} means this one: a uid alone may be made up. */
    boolean isMeantBy(OwnerReference reference, String fromNamespace) {
        Gvk kind = Gvk.of(reference.getApiVersion(), reference.getKind());
        return uid.equals(reference.getUid())
                && name.equals(reference.getName())
                && type.kind().equals(kind.kind())
                && type.group().equals(kind.group())
                && (namespace.isEmpty() || namespace.equals(fromNamespace));
    }
}
