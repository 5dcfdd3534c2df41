package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One write, as it stands in the store. Immutable by agreement.
 *
 * @param before null if the object was not there
 * @param after null if it is gone
 */
record Change(
        long revision,
        Instant at,
        ObjectId id,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {

    /** The object after the change, or as it was last. */
    JsonNode object() {
        JsonNode known = after == null ? before : after;
        if (known == null) {
            throw new IllegalStateException(id + ": a change of nothing");
        }
        return known;
    }
}
