package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.value.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries out a {@link ClaimPlan}: adopts by adding a controller reference and releases by removing it, each only if the object
 * is still the one that was seen. Blocks; call from a virtual thread.
 */
public final class Claims<T extends HasMetadata> {
    private final TypedClient<T> client;

    public Claims(ApiClient client, Class<T> type) {
        this.client = client.of(type);
    }

    /**
     * What {@code owner} controls once adoption and release are done.
     *
     * @param live reads the owner afresh before the first adoption; nothing is adopted for an owner that was replaced or is
     *     being deleted
     */
    public List<T> claim(HasMetadata owner, Gvk kind, Selector selector, List<T> candidates, Live live) {
        ClaimPlan<T> plan = ClaimPlan.of(owner, selector, candidates);
        var owned = new ArrayList<>(plan.keep());
        for (T object : plan.release()) {
            release(object, owner);
        }
        if (!plan.adopt().isEmpty() && live.isStill(owner)) {
            for (T object : plan.adopt()) {
                adopt(object, owner, kind, owned);
            }
        }
        return owned;
    }

    /** Whether an owner that a cache showed is still there, the same one, and stays. */
    public interface Live {
        boolean isStill(HasMetadata owner);

        static <O extends HasMetadata> Live through(TypedClient<O> owners) {
            return owner -> owners.find(
                            owner.getMetadata().getNamespace(),
                            owner.getMetadata().getName())
                    .filter(found -> found.getMetadata()
                                    .getUid()
                                    .equals(owner.getMetadata().getUid())
                            && found.getMetadata().getDeletionTimestamp() == null)
                    .isPresent();
        }
    }

    private void adopt(T object, HasMetadata owner, Gvk kind, List<T> owned) {
        var references = new ArrayList<>(Fields.list(object.getMetadata().getOwnerReferences()));
        references.add(Owners.controllerReference(owner, kind));
        try {
            owned.add(write(object, references));
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private void release(T object, HasMetadata owner) {
        var references = new ArrayList<>(Fields.list(object.getMetadata().getOwnerReferences()));
        references.removeIf(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
        try {
            write(object, references);
        } catch (ApiException refused) {
            if (!refused.isNotFound() && !refused.isInvalid()) {
                throw refused;
            }
        }
    }

    private T write(T object, List<OwnerReference> references) {
        return client.patch(
                object.getMetadata().getNamespace(),
                object.getMetadata().getName(),
                PatchType.MERGE,
                Json.bytes(FencedPatch.owning(object.getMetadata(), references)),
                null);
    }
}
