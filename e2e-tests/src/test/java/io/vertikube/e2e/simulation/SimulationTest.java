package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few seeds on a small cluster; many more and larger ones with {@code deploy/bench simulation}. */
final class SimulationTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyInvariantHolds(long seed) throws Exception {
        holds(new Simulation.Settings(seed, 8, 40, Duration.ofSeconds(1), false, null));
    }

    @Test
    void everyInvariantHoldsWhenTheSeedOrdersTheRequests() throws Exception {
        holds(Simulation.Settings.of(1, 3, 6));
    }

    private static void holds(Simulation.Settings settings) throws Exception {
        Simulation.Figures figures = Simulation.run(settings, System.out, false);
        System.out.println(figures);
        assertThat(figures.watched()).isPositive();
        assertThat(figures.writes()).isGreaterThan(settings.steps());
    }
}
