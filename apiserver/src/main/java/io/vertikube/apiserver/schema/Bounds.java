package io.vertikube.apiserver.schema;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a schema sets on numbers, lengths and counts, as JSON schema names them; null where it sets none. Only
 * schemas of CustomResourceDefinitions have any. Immutable.
 */
public record Bounds(
        @Nullable BigDecimal minimum,
        boolean exclusiveMinimum,
        @Nullable BigDecimal maximum,
        boolean exclusiveMaximum,
        @Nullable BigDecimal multipleOf,
        @Nullable Long minLength,
        @Nullable Long maxLength,
        @Nullable String pattern,
        @Nullable Long minItems,
        @Nullable Long maxItems,
        boolean uniqueItems,
        @Nullable Long minProperties,
        @Nullable Long maxProperties) {

    /** No limit at all. */
    public static final Bounds NONE =
            new Bounds(null, false, null, false, null, null, null, null, null, null, false, null, null);
}
