package io.vertikube.controller.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DoubtsTest {

    private static final ObjectKey QUOTA = new ObjectKey("ns", "small");
    private static final JsonNode ONE = said("1");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Doubts doubts = new Doubts(() -> now);

    private static JsonNode said(String pods) {
        return Json.object().put("pods", pods);
    }

    private Optional<Duration> of(String revision, JsonNode said, String counted) {
        return doubts.of(QUOTA, revision, said, Map.of("pods", counted));
    }

    @Test
    void whatIsMoreOrTheSameIsWrittenAtOnce() {
        assertThat(of("1", ONE, "2")).isEmpty();
        assertThat(of("1", ONE, "1")).isEmpty();
        assertThat(of("1", Json.object(), "0")).isEmpty();
        assertThat(of("1", said("1k"), "1000")).isEmpty();
    }

    @Test
    void whatIsLessIsBelievedAMomentLater() {
        assertThat(of("1", ONE, "0")).contains(Doubts.MOMENT);
        now = now.plusMillis(200);
        assertThat(of("1", ONE, "0")).contains(Doubts.MOMENT.minusMillis(200));
        now = now.plus(Doubts.MOMENT);
        assertThat(of("1", ONE, "0")).isEmpty();
    }

    @Test
    void aChargeMeanwhileOrAnotherCountBeginsAnew() {
        assertThat(of("1", ONE, "0")).contains(Doubts.MOMENT);
        now = now.plus(Doubts.MOMENT);
        assertThat(of("2", said("2"), "0")).contains(Doubts.MOMENT);
        now = now.plus(Doubts.MOMENT);
        assertThat(of("2", said("2"), "1")).contains(Doubts.MOMENT);
        assertThat(of("2", said("2"), "2")).isEmpty();
    }
}
