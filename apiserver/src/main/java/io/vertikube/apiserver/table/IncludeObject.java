package io.vertikube.apiserver.table;

import io.vertikube.object.ApiErrors;

/** How much of the object stands beside each row ({@code includeObject}). */
public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /** Reads the query parameter; empty is {@code Metadata}, an unknown word is refused with 400. */
    public static IncludeObject of(String query) {
        return switch (query) {
            case "", "Metadata" -> METADATA;
            case "None" -> NONE;
            case "Object" -> OBJECT;
            default -> throw ApiErrors.badRequest("unrecognized includeObject value: " + query);
        };
    }
}
