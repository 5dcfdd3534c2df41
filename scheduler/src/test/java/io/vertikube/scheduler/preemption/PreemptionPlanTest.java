package io.vertikube.scheduler.preemption;

import static io.vertikube.scheduler.Fixtures.node;
import static io.vertikube.scheduler.Fixtures.placed;
import static io.vertikube.scheduler.Fixtures.pod;
import static io.vertikube.scheduler.Fixtures.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.vertikube.scheduler.cycle.Decision;
import io.vertikube.scheduler.cycle.SchedulingCycle;
import io.vertikube.scheduler.plugin.Plugins;
import io.vertikube.scheduler.preemption.PreemptionPlan.Outcome;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PreemptionPlanTest {

    private static final SchedulingCycle CYCLE = new SchedulingCycle(Plugins.all(), 0);

    private static Outcome plan(PodView pod, List<PodDisruptionBudget> budgets, NodeView... nodes) {
        var snapshot = Snapshot.of(List.of(nodes));
        var none = (Decision.None) CYCLE.decide(pod, snapshot, 0, new SplittableRandom(1));
        return new PreemptionPlan(CYCLE).plan(pod, snapshot, none, budgets);
    }

    private static PodView wants(String cpu, int priority) {
        return view(
                pod("vip", "vip", cpu, "64Mi").editSpec().withPriority(priority).endSpec());
    }

    private static List<String> victims(Outcome outcome) {
        return ((Outcome.Evict) outcome)
                .victims().stream().map(v -> v.key().name()).toList();
    }

    @Test
    void onlyAsManyLeaveAsHaveTo() {
        var full = view(
                node("a", "z"),
                placed("big", "x", "2", "a", 5),
                placed("small", "x", "1", "a", 1),
                placed("other", "x", "1", "a", 1));
        var outcome = plan(wants("1", 10), List.of(), full);
        assertThat(victims(outcome)).hasSize(1).doesNotContain("big");
    }

    @Test
    void nodeWhereLeastImportantOnesLeaveIsChosen() {
        var dear = view(node("a", "z"), placed("dear", "x", "4", "a", 9));
        var cheap = view(node("b", "z"), placed("cheap", "x", "4", "b", 1));
        assertThat(((Outcome.Evict) plan(wants("1", 10), List.of(), dear, cheap)).node())
                .isEqualTo("b");
    }

    @Test
    void disruptionBudgetIsKeptWhereItCanBe() {
        var guarded = view(node("a", "z"), placed("guarded", "db", "4", "a", 0));
        var free = view(node("b", "z"), placed("free", "x", "4", "b", 5));
        var budget = new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withSelector(
                        new LabelSelectorBuilder().addToMatchLabels("app", "db").build())
                .endSpec()
                .withNewStatus()
                .withDisruptionsAllowed(0)
                .endStatus()
                .build();
        assertThat(victims(plan(wants("1", 10), List.of(budget), guarded, free)))
                .containsExactly("free");
        assertThat(victims(plan(wants("1", 10), List.of(budget), guarded))).containsExactly("guarded");
    }

    @Test
    void equalsAreSparedAndTheSentenceSaysWhy() {
        var full = view(node("a", "z"), placed("same", "x", "4", "a", 10));
        var tainted = view(node("b", "z")
                .editSpec()
                .addNewTaint("NoSchedule", "k", null, "")
                .endSpec());
        assertThat(plan(wants("1", 10), List.of(), full, tainted))
                .isEqualTo(new Outcome.Useless(
                        " preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, "
                                + "1 Preemption is not helpful for scheduling."));
    }

    @Test
    void podThatMustNotPreemptDoesNot() {
        var full = view(node("a", "z"), placed("low", "x", "4", "a", 0));
        var polite = view(pod("vip", "vip", "1", "1Mi")
                .editSpec()
                .withPriority(9)
                .withPreemptionPolicy("Never")
                .endSpec());
        assertThat(plan(polite, List.of(), full)).isInstanceOf(Outcome.Useless.class);
    }

    @Test
    void nodeTooSmallEvenWhenEmptyIsNoHelp() {
        var small = view(node("a", "z"), placed("low", "x", "4", "a", 0));
        assertThat(((Outcome.Useless) plan(wants("64", 9), List.of(), small)).sentence())
                .contains("1 Preemption is not helpful for scheduling");
    }
}
