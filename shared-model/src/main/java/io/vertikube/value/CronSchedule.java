package io.vertikube.value;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule in cron's five fields (minute, hour, day of month, month, day of week), or by a name such as {@code @daily} or
 * {@code @every 1h30m}. Where both days are restricted, either may match. Immutable.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax">Schedule syntax</a>
 */
public final class CronSchedule {

    private static final Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final String EVERY = "@every ";
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    /** A schedule such as 30 February never comes; the search for it ends here. */
    private static final int SEARCH_YEARS = 5;

    /** The range of a field and the words that stand for its numbers. */
    private record Range(int least, int most, List<String> words) {
        private static final List<Range> OF_FIELDS = List.of(
                new Range(0, 59, List.of()),
                new Range(0, 23, List.of()),
                new Range(1, 31, List.of()),
                new Range(1, 12, MONTHS),
                new Range(0, 6, DAYS));
    }

    /** The numbers that match, as bits; {@code any} if the field restricts nothing. */
    private record Field(long bits, boolean any) {
        boolean has(int value) {
            return (bits & (1L << value)) != 0;
        }
    }

    private final @Nullable Duration every;
    private final List<Field> fields;

    private CronSchedule(@Nullable Duration every, List<Field> fields) {
        this.every = every;
        this.fields = List.copyOf(fields);
    }

    /** @throws IllegalArgumentException with a sentence that says which part is wrong */
    public static CronSchedule parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty spec string");
        }
        if (text.startsWith(EVERY)) {
            return new CronSchedule(duration(text), List.of());
        }
        if (text.startsWith("@") && !NAMED.containsKey(text)) {
            throw new IllegalArgumentException("unrecognized descriptor: " + text);
        }
        String[] parts = NAMED.getOrDefault(text, text).strip().split("\\s+");
        if (parts.length != Range.OF_FIELDS.size()) {
            throw new IllegalArgumentException(
                    "expected exactly 5 fields, found " + parts.length + ": [" + String.join(" ", parts) + "]");
        }
        var fields = new Field[parts.length];
        for (int i = 0; i < parts.length; i++) {
            fields[i] = field(parts[i], Range.OF_FIELDS.get(i));
        }
        return new CronSchedule(null, List.of(fields));
    }

    /**
     * The first time after {@code after}, as clocks in {@code zone} show it; empty if there is none for years. A time that a
     * change to summer time leaves out does not come that day.
     */
    public Optional<Instant> next(Instant after, ZoneId zone) {
        if (every != null) {
            return Optional.of(after.plus(every).truncatedTo(ChronoUnit.SECONDS));
        }
        ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        int lastYear = time.getYear() + SEARCH_YEARS;
        while (time.getYear() <= lastYear) {
            if (!fields.get(3).has(time.getMonthValue())) {
                time = time.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone);
            } else if (!dayMatches(time)) {
                time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
            } else if (!fields.get(1).has(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!fields.get(0).has(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return Optional.of(time.toInstant());
            }
        }
        return Optional.empty();
    }

    private boolean dayMatches(ZonedDateTime time) {
        boolean ofMonth = fields.get(2).has(time.getDayOfMonth());
        boolean ofWeek = fields.get(4).has(time.getDayOfWeek().getValue() % 7);
        boolean either = !fields.get(2).any() && !fields.get(4).any();
        return either ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static Field field(String text, Range range) {
        long bits = 0;
        boolean any = false;
        for (String part : text.split(",")) {
            String[] step = part.split("/", -1);
            String[] ends = step[0].split("-", -1);
            boolean all = ends[0].equals("*") || ends[0].equals("?");
            if (ends.length > 2) {
                throw new IllegalArgumentException("too many hyphens: " + part);
            }
            if (step.length > 2) {
                throw new IllegalArgumentException("too many slashes: " + part);
            }
            int first = all ? range.least : number(ends[0], range);
            int last = all ? range.most : ends.length == 2 ? number(ends[1], range) : first;
            int width = 1;
            if (step.length == 2) {
                width = number(step[1], new Range(0, 0, List.of()));
                last = ends.length == 1 ? range.most : last;
            }
            require(first >= range.least, "beginning of range (%d) below minimum (%d): %s", first, range.least, part);
            require(last <= range.most, "end of range (%d) above maximum (%d): %s", last, range.most, part);
            require(first <= last, "beginning of range (%d) beyond end of range (%d): %s", first, last, part);
            if (width == 0) {
                throw new IllegalArgumentException("step of range should be a positive number: " + part);
            }
            any |= all && width == 1;
            for (int value = first; value <= last; value += width) {
                bits |= 1L << value;
            }
        }
        return new Field(bits, any);
    }

    private static int number(String text, Range range) {
        int word = range.words.indexOf(text.toLowerCase(Locale.ROOT));
        if (word >= 0) {
            return word + range.least;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("failed to parse int from " + text + ": not a number");
        }
        return Integer.parseInt(text);
    }

    private static void require(boolean holds, String otherwise, int one, int other, String part) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, otherwise, one, other, part));
        }
    }

    private static Duration duration(String text) {
        String amount = text.substring(EVERY.length());
        Duration whole;
        try {
            whole = Durations.parse(amount).truncatedTo(ChronoUnit.SECONDS);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "failed to parse duration " + text + ": invalid duration \"" + amount + "\"", e);
        }
        return whole.isZero() ? Duration.ofSeconds(1) : whole;
    }
}
