package io.vertikube.apiserver.resource;

import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.vertikube.apiserver.storage.RevisionCompacted;
import io.vertikube.apiserver.storage.RevisionInFuture;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when the store could not do it. Pure but for a line in the log about what nobody expected. */
public final class StorageFailures {

    private static final Logger LOG = LoggerFactory.getLogger(StorageFailures.class);

    private StorageFailures() {}

    /** Any failure as an answer. */
    public static ApiException translate(Throwable failure) {
        return switch (failure) {
            case ApiException known -> known;
            case CompletionException wrapped when wrapped.getCause() != null -> translate(wrapped.getCause());
            case RevisionInFuture future -> tooLarge(future);
            case RevisionCompacted gone ->
                ApiErrors.expired("The resourceVersion for the provided list is too old: " + gone.getMessage());
            case StoreUnavailable away ->
                ApiErrors.serviceUnavailable("the store cannot be reached; try again: " + away.getMessage());
            case StackOverflowError deep -> ApiErrors.badRequest("the request nests too deeply");
            default -> {
                LOG.error("a request failed in a way nobody expected", failure);
                yield ApiErrors.internal(String.valueOf(failure.getMessage()));
            }
        };
    }

    /** The same for a list that goes on: an expired token comes back as one that reads what is there now. */
    static ApiException translate(Throwable failure, @Nullable ContinueToken resume) {
        ApiException told = translate(failure);
        if (resume == null || !told.isGone()) {
            return told;
        }
        ApiException expired = ApiErrors.expired("The provided continue parameter is too old to display a consistent"
                + " list result. You can start a new list without the continue parameter, or use the continue token"
                + " in this response to retrieve the remainder of the results. Continuing with the provided token"
                + " results in an inconsistent list - objects that were created, modified, or deleted between the"
                + " time the first chunk was returned and now may show up in the list.");
        var meta = new ListMeta();
        meta.setContinue(new ContinueToken(0, resume.after()).encode());
        expired.status().setMetadata(meta);
        return expired;
    }

    private static ApiException tooLarge(RevisionInFuture failure) {
        var details = new StatusDetails();
        details.setRetryAfterSeconds(1);
        details.setCauses(List.of(new StatusCause(null, "Too large resource version", "ResourceVersionTooLarge")));
        return ApiErrors.of(504, "Timeout", "Timeout: Too large resource version: " + failure.getMessage(), details);
    }
}
