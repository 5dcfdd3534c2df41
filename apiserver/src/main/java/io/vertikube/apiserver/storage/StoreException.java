package io.vertikube.apiserver.storage;

import org.jspecify.annotations.Nullable;

/** What a store answers instead of a result. The expected ones carry no stack trace: they are outcomes, not faults. */
public abstract sealed class StoreException extends RuntimeException
        permits KeyExists, RevisionMismatch, RevisionCompacted, RevisionInFuture, StoreUnavailable {

    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause, boolean fault) {
        super(message, cause, fault, fault);
    }
}
