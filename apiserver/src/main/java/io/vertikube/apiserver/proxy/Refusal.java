package io.vertikube.apiserver.proxy;

import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client is told when the other side refused. Pure. */
final class Refusal {

    private Refusal() {}

    /** An answer that is no success, with what its body says. */
    static ApiException of(int code, byte[] body) {
        String said = new String(body, StandardCharsets.UTF_8).strip();
        String message = said.isEmpty() ? "the server answered with HTTP " + code : said;
        return switch (code) {
            case 400 -> ApiErrors.badRequest(message);
            case 401, 403 -> ApiErrors.of(403, "Forbidden", message, null);
            case 404 -> ApiErrors.of(404, "NotFound", message, null);
            case 429 -> ApiErrors.tooManyRequests(message, 1);
            case 503 -> ApiErrors.serviceUnavailable(message);
            case 500 -> ApiErrors.internal(message);
            default ->
                code >= 400 && code < 600
                        ? ApiErrors.of(code, "Unknown", message, null)
                        : ApiErrors.of(502, "BadGateway", "expected a changed protocol, but got HTTP " + code, null);
        };
    }

    /** A kubelet cannot be reached, or broke off. */
    static ApiException unreachable(Target target, @Nullable Throwable failure) {
        return ApiErrors.internal("error dialing backend: " + target.authority() + ": " + why(failure));
    }

    /** What a proxy leads to does not answer. */
    static ApiException notServing(Target target, @Nullable Throwable failure) {
        return ApiErrors.serviceUnavailable(
                "error trying to reach service: " + target.authority() + ": " + why(failure));
    }

    private static String why(@Nullable Throwable failure) {
        return failure == null ? "no answer" : String.valueOf(failure.getMessage());
    }
}
