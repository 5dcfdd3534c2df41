package io.vertikube.apiserver.patch;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.List;

/** How Kubernetes refuses a patch: which code goes with which mistake. Safe for any thread. */
final class PatchErrors {

    private PatchErrors() {}

    /** The patch is not of the form that its media type promises. */
    static ApiException malformed(String why) {
        return ApiErrors.badRequest(why);
    }

    /** The patch is well-formed and does not fit the object: 422, with the cause at the place it is about. */
    static ApiException doesNotFit(String pointer, String why) {
        var details = new StatusDetails();
        details.setCauses(List.of(new StatusCause(pointer, why, null)));
        return ApiErrors.of(422, "Invalid", "the server rejected our request due to an error in our request", details);
    }

    /** What Kubernetes answers with a 500 without a reason. */
    static ApiException plain500(String why) {
        return new ApiException(new StatusBuilder()
                .withStatus("Failure")
                .withMessage(why)
                .withCode(500)
                .build());
    }

    static ApiException unprocessable(String why) {
        return ApiErrors.of(422, "Invalid", why, null);
    }
}
