package io.vertikube.controller.workload;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads optional fields of API objects with the value that "absent" stands for. Safe for any thread. */
public final class Fields {
    private Fields() {}

    public static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    public static int number(@Nullable Integer value, int absent) {
        return value == null ? absent : value;
    }

    public static long number(@Nullable Long value) {
        return value == null ? 0L : value;
    }

    /** A count as the API writes it: zero is left out. */
    public static @Nullable Integer count(int value) {
        return value == 0 ? null : value;
    }

    public static boolean flag(@Nullable Boolean value) {
        return value != null && value;
    }

    public static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    public static <K, V> Map<K, V> map(@Nullable Map<K, V> value) {
        return value == null ? Map.of() : value;
    }

    public static <V> List<V> list(@Nullable List<V> value) {
        return value == null ? List.of() : value;
    }

    /** A time as the API writes it in metadata and conditions: UTC, whole seconds. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The instant that an API time names; the epoch when absent. */
    public static Instant instant(@Nullable String time) {
        return time == null || time.isEmpty()
                ? Instant.EPOCH
                : java.time.OffsetDateTime.parse(time).toInstant();
    }
}
