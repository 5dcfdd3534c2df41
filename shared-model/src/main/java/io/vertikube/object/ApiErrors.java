package io.vertikube.object;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.StatusDetailsBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every refusal the API knows, in the sentences and codes that Kubernetes clients look for ("Response Status kind" in
 * the API conventions). Pure functions.
 */
public final class ApiErrors {

    private ApiErrors() {}

    public static ApiException notFound(Gvr type, String name) {
        return of(404, "NotFound", type.qualified() + " \"" + name + "\" not found", details(type, name));
    }

    /** The path itself is unknown. */
    public static ApiException noSuchResource() {
        return of(404, "NotFound", "the server could not find the requested resource", new StatusDetails());
    }

    public static ApiException alreadyExists(Gvr type, String name) {
        return of(409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists", details(type, name));
    }

    /** A write met a newer revision. */
    public static ApiException staleWrite(Gvr type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException conflict(Gvr type, String name, String why) {
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
                details(type, name));
    }

    /** 422 with one cause an error. */
    public static ApiException invalid(Gvk type, String name, List<FieldError> errors) {
        String list = errors.stream().map(FieldError::message).distinct().collect(Collectors.joining(", "));
        StatusDetails details = new StatusDetailsBuilder()
                .withName(name.isEmpty() ? null : name)
                .withGroup(type.group().isEmpty() ? null : type.group())
                .withKind(type.kind())
                .withCauses(errors.stream()
                        .map(e -> new StatusCause(e.field(), e.body(), e.kind().reason()))
                        .toList())
                .build();
        String shown = errors.size() > 1 ? "[" + list + "]" : list;
        return of(422, "Invalid", type.qualifiedKind() + " \"" + name + "\" is invalid: " + shown, details);
    }

    /** 403 on one object, {@code pods "x" is forbidden: why}; with an empty name, on the type. */
    public static ApiException forbidden(Gvr type, String name, String why) {
        String subject = name.isEmpty() ? type.qualified() : type.qualified() + " \"" + name + "\"";
        return of(403, "Forbidden", subject + " is forbidden: " + why, details(type, name));
    }

    /** 403 on a path that is no resource. */
    public static ApiException forbidden(String why) {
        return of(403, "Forbidden", "forbidden: " + why, new StatusDetails());
    }

    public static ApiException badRequest(String why) {
        return of(400, "BadRequest", why, null);
    }

    public static ApiException unauthorized() {
        return of(401, "Unauthorized", "Unauthorized", null);
    }

    public static ApiException methodNotAllowed() {
        return of(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                new StatusDetails());
    }

    /** 410: the revision or continue token is too old; list again. */
    public static ApiException expired(String why) {
        return of(410, "Expired", why, null);
    }

    public static ApiException tooLarge(String why) {
        return of(413, "RequestEntityTooLarge", why, null);
    }

    public static ApiException unsupportedMediaType(String why) {
        return of(415, "UnsupportedMediaType", why, null);
    }

    public static ApiException notAcceptable(String why) {
        return of(406, "NotAcceptable", why, null);
    }

    /** 504; the client should try again after some seconds. */
    public static ApiException timeout(String why, int retryAfterSeconds) {
        var details = new StatusDetails();
        details.setRetryAfterSeconds(retryAfterSeconds);
        return of(504, "Timeout", "Timeout: " + why, details);
    }

    public static ApiException tooManyRequests(String why, int retryAfterSeconds) {
        var details = new StatusDetails();
        details.setRetryAfterSeconds(retryAfterSeconds);
        return of(429, "TooManyRequests", why, details);
    }

    public static ApiException serviceUnavailable(String why) {
        return of(503, "ServiceUnavailable", why, null);
    }

    public static ApiException internal(String why) {
        var details = new StatusDetails();
        details.setCauses(List.of(new StatusCause(null, why, null)));
        return of(500, "InternalError", "Internal error occurred: " + why, details);
    }

    /** Any other answer. */
    public static ApiException of(int code, String reason, String message, @Nullable StatusDetails details) {
        Status status = new StatusBuilder()
                .withStatus("Failure")
                .withMessage(message)
                .withReason(reason)
                .withDetails(details)
                .withCode(code)
                .build();
        return new ApiException(status);
    }

    private static StatusDetails details(Gvr type, String name) {
        return new StatusDetailsBuilder()
                .withName(name.isEmpty() ? null : name)
                .withGroup(type.group().isEmpty() ? null : type.group())
                .withKind(type.resource())
                .build();
    }
}
