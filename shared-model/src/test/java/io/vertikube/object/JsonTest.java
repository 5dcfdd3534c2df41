package io.vertikube.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05.678901Z, 2026-01-02T03:04:05.678901Z",
        "2026-01-02T03:04:05.000000Z, 2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.000001Z, 2026-01-02T03:04:05.000001Z",
    })
    void theTimesOfALeaseAreReadAndWrittenToTheMicrosecond(String text, String meant) {
        Lease lease = Json.read(
                "{\"spec\":{\"renewTime\":\"%s\"}}".formatted(text).getBytes(StandardCharsets.UTF_8), Lease.class);

        assertThat(lease.getSpec().getRenewTime().toInstant())
                .isEqualTo(ZonedDateTime.parse(meant).toInstant());
        assertThat(Json.tree(Json.bytes(lease)).at("/spec/renewTime").asText())
                .matches("2026-01-02T03:04:05\\.\\d{6}Z");
    }
}
