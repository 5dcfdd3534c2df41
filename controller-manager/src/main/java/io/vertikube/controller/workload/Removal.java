package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.client.TypedClient;
import io.vertikube.object.ApiException;

/**
 * Deletes exactly the object that was seen: one that took its name meanwhile stays, and one that is gone already is no failure.
 * Blocks; safe for any thread.
 */
public final class Removal {
    private Removal() {}

    /** Deletes it the way its type is deleted by default. */
    public static <T extends HasMetadata> void of(TypedClient<T> client, T object) {
        delete(client, object, new DeleteOptions());
    }

    /** Deletes it and, in the background, what it owns. */
    public static <T extends HasMetadata> void withDependents(TypedClient<T> client, T object) {
        var options = new DeleteOptions();
        options.setPropagationPolicy("Background");
        delete(client, object, options);
    }

    private static <T extends HasMetadata> void delete(TypedClient<T> client, T object, DeleteOptions options) {
        var metadata = object.getMetadata();
        options.setPreconditions(new Preconditions(null, metadata.getUid()));
        try {
            client.delete(Fields.text(metadata.getNamespace()), metadata.getName(), options);
        } catch (ApiException refused) {
            if (!refused.isNotFound() && !refused.isConflict()) {
                throw refused;
            }
        }
    }
}
