package io.vertikube.object;

import io.fabric8.kubernetes.api.model.Status;

/**
 * An answer of the API that is no success, with the {@link Status} that tells it. The only exception for expected API
 * failures; made by {@link ApiErrors} on the server and by the client from what the server answered. Immutable.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;
    private final int code;
    private final String reason;

    public ApiException(Status status) {
        super(status.getMessage());
        this.status = status;
        this.code = status.getCode() == null ? 500 : status.getCode();
        this.reason = status.getReason() == null ? "" : status.getReason();
    }

    /** The body that goes on the wire. */
    public Status status() {
        return status;
    }

    /** The HTTP code. */
    public int code() {
        return code;
    }

    /** The machine-readable reason, such as {@code NotFound}; empty if the server gave none. */
    public String reason() {
        return reason;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    /** A write met a newer revision (or a server-side apply met another manager). */
    public boolean isConflict() {
        return code == 409 && !isAlreadyExists();
    }

    public boolean isAlreadyExists() {
        return "AlreadyExists".equals(reason);
    }

    /** The revision asked for is compacted away: list again. */
    public boolean isGone() {
        return code == 410;
    }

    public boolean isInvalid() {
        return code == 422;
    }

    public boolean isForbidden() {
        return code == 403;
    }
}
