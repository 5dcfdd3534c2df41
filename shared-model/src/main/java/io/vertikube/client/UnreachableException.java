package io.vertikube.client;

/** The API server could not be reached or hung up; whether it acted is not known. */
public final class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
