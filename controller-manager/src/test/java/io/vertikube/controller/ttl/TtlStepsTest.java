package io.vertikube.controller.ttl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TtlStepsTest {
    @ParameterizedTest(name = "{1} nodes after step {0}: {2} s")
    @CsvSource({
        "0, 0, 0",
        "0, 100, 0",
        "0, 101, 15",
        "1, 95, 15", // no going back and forth on the border
        "1, 89, 0",
        "0, 5000, 300",
        "5, 10, 0",
        "4, 20000, 600",
    })
    void theStepFollowsTheNumberOfNodes(int step, int nodes, int seconds) {
        assertThat(TtlSteps.seconds(TtlSteps.next(step, nodes))).isEqualTo(seconds);
    }
}
