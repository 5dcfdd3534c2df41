package io.vertikube.apiserver.table;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table. Immutable.
 *
 * @param type OpenAPI type: {@code string}, {@code integer}, {@code boolean}, {@code date}, …
 * @param format {@code name} for the column that names the object, else empty
 * @param priority 0 is always shown, 1 only in wide output
 */
public record Column(String name, String type, String format, String description, int priority, Cell cell) {

    /** What stands in a row: a String, a Long, a Boolean, a Double, or null for nothing. */
    @FunctionalInterface
    public interface Cell {
        @Nullable
        Object of(Row row);
    }
}
