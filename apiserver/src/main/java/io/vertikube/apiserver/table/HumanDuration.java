package io.vertikube.apiserver.table;

import java.time.Duration;

/** Durations as people read them: two units at most, fewer the longer it is ({@code 5m30s}, {@code 46h}, {@code 2d3h}). Pure. */
final class HumanDuration {

    private static final long HOURS_A_DAY = 24;
    private static final long DAYS_A_YEAR = 365;

    private HumanDuration() {}

    /** Up to a second in the future counts as now: clocks differ. */
    static String of(Duration duration) {
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 2 * HOURS_A_DAY) {
            return hours + "h";
        }
        long days = hours / HOURS_A_DAY;
        if (days < 8) {
            return two(days, "d", hours % HOURS_A_DAY, "h");
        }
        if (days < 2 * DAYS_A_YEAR) {
            return days + "d";
        }
        long years = days / DAYS_A_YEAR;
        return years < 8 ? two(years, "y", days % DAYS_A_YEAR, "d") : years + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + largeUnit : large + largeUnit + small + smallUnit;
    }
}
