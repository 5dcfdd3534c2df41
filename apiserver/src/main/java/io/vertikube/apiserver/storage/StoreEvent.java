package io.vertikube.apiserver.storage;

import org.jspecify.annotations.Nullable;

/** A change of one key: the new value, or null for a delete. Immutable by agreement. */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
public record StoreEvent(String key, long revision, byte @Nullable [] value) {
    public boolean isDelete() {
        return value == null;
    }
}
