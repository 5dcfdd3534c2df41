package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When volumes that are not to be had are tried, on a clock of its own. */
final class MountTurnsTest {

    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final MountTurns turns = new MountTurns(clock);

    /** In outcomes, {@code f} is a failure, {@code w} one that others are at work on, {@code m} a volume that stands. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ffffffffffff | 500 1000 2000 4000 8000 16000 32000 64000 122000 122000 122000 122000",
                "fffmff       | 500 1000 2000 0 500 1000",
                "wwww         | 500 500 500 500",
                "wwff         | 500 500 500 1000",
                "ffwf         | 500 1000 500 500",
            })
    void eachFailureDoublesTheWait(String outcomes, String waits) {
        List<Long> waited = new ArrayList<>();
        for (char outcome : outcomes.strip().toCharArray()) {
            assertThat(turns.isOpen("v")).isTrue();
            switch (outcome) {
                case 'f' -> turns.failed("v");
                case 'w' -> turns.waits("v");
                default -> turns.stands("v");
            }
            Instant next = turns.next().orElse(now);
            waited.add(Duration.between(now, next).toMillis());
            if (next.isAfter(now)) {
                now = next.minusMillis(1);
                assertThat(turns.isOpen("v")).isFalse();
            }
            now = next;
        }
        assertThat(waited)
                .isEqualTo(Arrays.stream(waits.strip().split(" "))
                        .map(Long::valueOf)
                        .toList());
    }

    @Test
    void volumesWaitApartFromEachOther() {
        turns.failed("a");
        turns.failed("a");
        turns.failed("b");
        now = now.plusMillis(500);
        assertThat(turns.isOpen("a")).isFalse();
        assertThat(turns.isOpen("b")).isTrue();
        assertThat(turns.isOpen("c")).isTrue();
        assertThat(turns.next()).contains(now);
    }

    @Test
    void whatChangedIsTriedAtOnceAndWaitsOnAsBefore() {
        for (int i = 0; i < 4; i++) {
            turns.failed("v");
        }
        turns.openAll();
        assertThat(turns.isOpen("v")).isTrue();
        turns.failed("v");
        assertThat(turns.next()).contains(now.plusSeconds(8));
    }

    @Test
    void othersAtWorkAreToldOfAfterTwoMinutesAndEachTwoMinutes() {
        List<Long> told = new ArrayList<>();
        while (now.getEpochSecond() < 400) {
            if (turns.waits("v")) {
                told.add(now.getEpochSecond());
            }
            now = turns.next().orElseThrow();
        }
        assertThat(told).containsExactly(120L, 241L, 361L);
    }
}
