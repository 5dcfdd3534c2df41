package io.vertikube.controller.deployment;

import static io.vertikube.controller.Fixtures.deployment;
import static io.vertikube.controller.Fixtures.recreate;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplicaMathTest {
    @ParameterizedTest(name = "{0} replicas, {1} and {2}")
    @CsvSource({
        "10, 25%, 25%, 3, 2",
        "1,  25%, 25%, 1, 0",
        "4,  0,   25%, 0, 1",
        "3,  0,   25%, 0, 1",
        "3,  1,   0,   1, 0",
        "2,  0,   5,   0, 2",
        "0,  25%, 25%, 0, 0",
    })
    void surgeRoundsUpAndUnavailabilityDown(
            int replicas, String maxSurge, String maxUnavailable, int surge, int unavailable) {
        assertThat(ReplicaMath.of(deployment(replicas, maxSurge, maxUnavailable)))
                .isEqualTo(new ReplicaMath(surge, unavailable));
    }

    @Test
    void recreateHasNeither() {
        assertThat(ReplicaMath.of(recreate(5))).isEqualTo(new ReplicaMath(0, 0));
    }
}
