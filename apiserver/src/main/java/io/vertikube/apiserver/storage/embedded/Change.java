package io.vertikube.apiserver.storage.embedded;

import org.jspecify.annotations.Nullable;

/**
 * One write: the history is a list of these. Immutable by agreement.
 *
 * @param value null for a delete
 * @param expiresAtMillis when its lease ends, in milliseconds since the epoch; 0 if it has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
record Change(long revision, String key, byte @Nullable [] value, long expiresAtMillis) {

    boolean isDelete() {
        return value == null;
    }
}
