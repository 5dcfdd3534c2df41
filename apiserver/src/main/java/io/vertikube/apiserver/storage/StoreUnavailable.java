package io.vertikube.apiserver.storage;

import org.jspecify.annotations.Nullable;

/** The store cannot be reached or has failed; the message says which, where, and what to do. */
public final class StoreUnavailable extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause, true);
    }
}
