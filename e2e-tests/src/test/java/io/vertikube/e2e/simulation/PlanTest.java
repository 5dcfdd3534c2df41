package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanTest {

    private static final List<String> NODES = Simulation.nodes(20);

    @Test
    void aSeedIsAlwaysTheSamePlan() {
        assertThat(Plan.of(7, NODES, 200)).isEqualTo(Plan.of(7, NODES, 200));
        assertThat(Plan.of(7, NODES, 200)).isNotEqualTo(Plan.of(8, NODES, 200));
    }

    @Test
    void everyKindOfStepOccurs() {
        var kinds = new HashSet<Class<?>>();
        Plan.of(1, NODES, 2000).forEach(timed -> kinds.add(timed.step().getClass()));
        assertThat(kinds).containsExactlyInAnyOrder(Step.class.getPermittedSubclasses());
    }

    @Test
    void itEndsWithNothingLeftAndACalm() {
        List<Plan.Timed> plan = Plan.of(3, NODES, 100);
        var there = new HashSet<String>();
        var namespaces = new HashMap<String, String>();
        for (Plan.Timed timed : plan) {
            switch (timed.step()) {
                case Step.Create(Workload workload) -> {
                    there.add(workload.name());
                    namespaces.put(workload.name(), workload.namespace());
                    namespaces.put("what is left of " + workload.name(), workload.namespace());
                }
                case Step.Delete(Workload workload, String propagation) -> {
                    there.remove(workload.name());
                    if (propagation.equals("Orphan")) {
                        there.add("what is left of " + workload.name());
                    }
                }
                case Step.Sweep(Workload workload) -> there.remove("what is left of " + workload.name());
                case Step.DeleteNamespace(String namespace) ->
                    there.removeIf(name -> namespaces.get(name).equals(namespace));
                default -> {}
            }
        }
        assertThat(there).isEmpty();
        assertThat(plan.getLast().step()).isInstanceOf(Step.Calm.class);
    }
}
