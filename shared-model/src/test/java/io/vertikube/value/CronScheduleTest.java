package io.vertikube.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *        | 2026-01-01T12:00:30Z | 2026-01-01T12:01:00Z",
                "* * * * *        | 2026-01-01T12:00:00Z | 2026-01-01T12:01:00Z",
                "*/15 * * * *     | 2026-01-01T12:45:00Z | 2026-01-01T13:00:00Z",
                "5/20 * * * *     | 2026-01-01T12:26:00Z | 2026-01-01T12:45:00Z",
                "0 3-5 * * *      | 2026-01-01T05:00:00Z | 2026-01-02T03:00:00Z",
                "0 0 31 * *       | 2026-01-31T00:00:00Z | 2026-03-31T00:00:00Z",
                "0 0 29 feb ?     | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "30 4 1,15 * 5    | 2026-01-01T04:30:00Z | 2026-01-02T04:30:00Z",
                "30 4 1,15 * */2  | 2026-01-01T04:30:00Z | 2026-01-03T04:30:00Z",
                "0 12 * * mon-FRI | 2026-01-02T12:00:00Z | 2026-01-05T12:00:00Z",
                "0 0 * * SUN      | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "@hourly          | 2026-01-01T12:00:00Z | 2026-01-01T13:00:00Z",
                "@daily           | 2026-01-01T12:00:00Z | 2026-01-02T00:00:00Z",
                "@weekly          | 2026-01-01T12:00:00Z | 2026-01-04T00:00:00Z",
                "@monthly         | 2026-01-01T12:00:00Z | 2026-02-01T00:00:00Z",
                "@yearly          | 2026-01-01T12:00:00Z | 2027-01-01T00:00:00Z",
                "@every 1h30m     | 2026-01-01T12:00:00.5Z | 2026-01-01T13:30:00Z",
                "@every 1ms       | 2026-01-01T12:00:00Z | 2026-01-01T12:00:01Z",
            })
    void theNextTime(String schedule, Instant after, Instant next) {
        assertThat(CronSchedule.parse(schedule).next(after, ZoneOffset.UTC)).contains(next);
    }

    @Test
    void aDayThatNeverComesIsNotWaitedFor() {
        assertThat(CronSchedule.parse("0 0 30 2 *").next(Instant.EPOCH, ZoneOffset.UTC))
                .isEmpty();
    }

    @Test
    void clocksThatChangeLeaveTimesOutOrShowThemTwice() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(times("30 2 * * *", ZonedDateTime.of(2026, 3, 28, 12, 0, 0, 0, berlin), 2))
                .containsExactly("2026-03-30T02:30+02:00[Europe/Berlin]", "2026-03-31T02:30+02:00[Europe/Berlin]");
        assertThat(times("0 * * * *", ZonedDateTime.of(2026, 10, 25, 1, 0, 0, 0, berlin), 3))
                .containsExactly(
                        "2026-10-25T02:00+02:00[Europe/Berlin]",
                        "2026-10-25T02:00+01:00[Europe/Berlin]",
                        "2026-10-25T03:00+01:00[Europe/Berlin]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``            | empty spec string",
                "* * * *       | expected exactly 5 fields, found 4: [* * * *]",
                "60 * * * *    | end of range (60) above maximum (59): 60",
                "* * 0 * *     | beginning of range (0) below minimum (1): 0",
                "* * * * 7     | end of range (7) above maximum (6): 7",
                "5-2 * * * *   | beginning of range (5) beyond end of range (2): 5-2",
                "1-2-3 * * * * | too many hyphens: 1-2-3",
                "1/2/3 * * * * | too many slashes: 1/2/3",
                "*/0 * * * *   | step of range should be a positive number: */0",
                "a * * * *     | failed to parse int from a: not a number",
                "@fortnightly  | unrecognized descriptor: @fortnightly",
                "@every x      | failed to parse duration @every x: invalid duration \"x\"",
            })
    void whatIsWrongIsSaid(String schedule, String sentence) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    private static List<String> times(String schedule, ZonedDateTime from, int count) {
        var times = new ArrayList<String>();
        Optional<Instant> at = Optional.of(from.toInstant());
        for (int i = 0; i < count; i++) {
            at = CronSchedule.parse(schedule).next(at.orElseThrow(), from.getZone());
            times.add(at.orElseThrow().atZone(from.getZone()).toString());
        }
        return times;
    }
}
