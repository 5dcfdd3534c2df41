package io.vertikube.controller.gc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.controller.discovery.ObjectMetadata;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The garbage collector's reads and writes of objects of any type. Every write names the uid and the revision that was read, so it
 * never meets another object. Blocks; safe for any thread but event loops.
 */
final class CollectWrites {
    private final ApiClient client;

    CollectWrites(ApiClient client) {
        this.client = client;
    }

    /** The metadata of an object as the server has it now. */
    Optional<ObjectMeta> read(ResourceType type, String namespace, String name) {
        return client.metadataOf(ObjectMetadata.class, type)
                .find(namespace, name)
                .map(ObjectMetadata::getMetadata);
    }

    void delete(ResourceType type, ObjectMeta live, CollectPlan.Propagation how) {
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(live.getResourceVersion(), live.getUid()));
        options.setPropagationPolicy(how.word());
        ignoringAbsence(() -> client.metadataOf(ObjectMetadata.class, type)
                .delete(Fields.text(live.getNamespace()), live.getName(), options));
    }

    void dropOwners(ResourceType type, ObjectMeta live, Set<String> uids) {
        writeOwners(
                type,
                live,
                owners -> owners.stream()
                        .filter(owner -> !uids.contains(owner.getUid()))
                        .toList());
    }

    void unblock(ResourceType type, ObjectMeta live) {
        writeOwners(
                type,
                live,
                owners -> owners.stream()
                        .map(owner -> new OwnerReferenceBuilder(owner)
                                .withBlockOwnerDeletion(false)
                                .build())
                        .toList());
    }

    void removeFinalizer(ResourceType type, ObjectMeta live, String finalizer) {
        List<String> finalizers = Fields.list(live.getFinalizers());
        if (!finalizers.contains(finalizer)) {
            return;
        }
        ObjectNode patch = FencedPatch.of(live);
        ArrayNode list = ((ObjectNode) patch.get("metadata")).putArray("finalizers");
        finalizers.stream().filter(other -> !other.equals(finalizer)).forEach(list::add);
        patch(type, live, patch);
    }

    private void writeOwners(ResourceType type, ObjectMeta live, UnaryOperator<List<OwnerReference>> change) {
        patch(type, live, FencedPatch.owning(live, change.apply(Fields.list(live.getOwnerReferences()))));
    }

    private void patch(ResourceType type, ObjectMeta live, ObjectNode patch) {
        ignoringAbsence(() -> client.metadataOf(ObjectMetadata.class, type)
                .patch(Fields.text(live.getNamespace()), live.getName(), PatchType.MERGE, Json.bytes(patch), null));
    }

    private static void ignoringAbsence(Runnable write) {
        try {
            write.run();
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }
}
