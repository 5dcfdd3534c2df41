package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few seeds on a small cluster; many more and larger ones with {@code deploy/bench simulation}. */
final class SimulationTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyInvariantHolds(long seed) throws Exception {
        Simulation.Figures figures = run(seed, 8, 40);
        assertThat(figures.watched()).isPositive();
        assertThat(figures.writes()).isGreaterThan(figures.steps());
    }

    @Test
    void aSeedReplays() throws Exception {
        Simulation.Figures first = run(3, 5, 12);
        Simulation.Figures again = run(3, 5, 12);
        assertThat(again.order())
                .as("of the machine's threads %s and %s woke somebody", first.wokenBy(), again.wokenBy())
                .isEqualTo(first.order());
        assertThat(run(4, 5, 12).order()).isNotEqualTo(first.order());
    }

    private static Simulation.Figures run(long seed, int nodes, int steps) throws Exception {
        Simulation.Figures figures = Simulation.run(Simulation.Settings.of(seed, nodes, steps), System.out, false);
        System.out.println(figures);
        return figures;
    }
}
