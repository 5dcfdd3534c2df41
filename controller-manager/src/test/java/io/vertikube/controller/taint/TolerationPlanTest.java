package io.vertikube.controller.taint;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.ago;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TolerationPlanTest {
    private static final Taint UNREACHABLE = new Taint("NoExecute", "node.kubernetes.io/unreachable", ago(100), null);

    @Test
    void withoutATolerationItLeavesNow() {
        assertThat(plan()).isEqualTo(new TolerationPlan.Leave(NOW));
        assertThat(plan(exists("node.kubernetes.io/not-ready", 300L))).isEqualTo(new TolerationPlan.Leave(NOW));
    }

    @Test
    void tolerationSecondsCountFromWhenTheTaintWasAdded() {
        assertThat(plan(exists("node.kubernetes.io/unreachable", 300L)))
                .isEqualTo(new TolerationPlan.Leave(NOW.plusSeconds(200)));
        assertThat(plan(exists("node.kubernetes.io/unreachable", 0L)))
                .isEqualTo(new TolerationPlan.Leave(NOW.minusSeconds(100)));
    }

    @Test
    void aTolerationWithoutEndLetsItStay() {
        assertThat(plan(exists("node.kubernetes.io/unreachable", null))).isEqualTo(new TolerationPlan.Stay());
        assertThat(plan(new Toleration(null, null, "Exists", null, null))).isEqualTo(new TolerationPlan.Stay());
    }

    @Test
    void equalTolerationsCompareTheValue() {
        var taint = new Taint("NoExecute", "dedicated", null, "db");
        var right = new Toleration("NoExecute", "dedicated", "Equal", null, "db");
        var wrong = new Toleration("NoExecute", "dedicated", "Equal", null, "web");
        assertThat(TolerationPlan.of(List.of(taint), List.of(right), NOW)).isEqualTo(new TolerationPlan.Stay());
        assertThat(TolerationPlan.of(List.of(taint), List.of(wrong), NOW)).isEqualTo(new TolerationPlan.Leave(NOW));
    }

    @Test
    void taintsThatOnlyBlockSchedulingDriveNobodyOff() {
        var taint = new Taint("NoSchedule", "dedicated", null, "db");
        assertThat(TolerationPlan.of(List.of(taint), List.of(), NOW)).isEqualTo(new TolerationPlan.Stay());
    }

    private static TolerationPlan plan(Toleration... tolerations) {
        return TolerationPlan.of(List.of(UNREACHABLE), List.of(tolerations), NOW);
    }

    private static Toleration exists(String key, Long seconds) {
        return new Toleration("NoExecute", key, "Exists", seconds, null);
    }
}
