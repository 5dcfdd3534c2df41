package io.vertikube.controller.workload;

import static io.vertikube.controller.Fixtures.controlledBy;
import static io.vertikube.controller.Fixtures.labelled;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.replicaSet;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.vertikube.value.Selectors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClaimPlanTest {
    private final ReplicaSet owner = replicaSet("rs", 1);
    private final Pod other = labelled(pod("other"), Map.of("app", "db"));

    @Test
    void ownSelectedPodsAreKept() {
        Pod own = controlledBy(pod("own"), owner);
        assertThat(plan(own)).isEqualTo(new ClaimPlan<>(List.of(own), List.of(), List.of()));
    }

    @Test
    void selectedPodsOfNobodyAreAdopted() {
        assertThat(plan(pod("free"))).isEqualTo(new ClaimPlan<>(List.of(), List.of(pod("free")), List.of()));
        assertThat(plan(terminating(pod("free")))).isEqualTo(nothing());
        assertThat(plan(other)).isEqualTo(nothing());
    }

    @Test
    void ownPodsThatAreNoLongerSelectedAreReleased() {
        Pod own = controlledBy(other, owner);
        assertThat(plan(own)).isEqualTo(new ClaimPlan<>(List.of(), List.of(), List.of(own)));
    }

    @Test
    void podsOfOthersAreLeftAlone() {
        assertThat(plan(controlledBy(pod("taken"), replicaSet("else", 1)))).isEqualTo(nothing());
    }

    @Test
    void anOwnerThatLeavesNeitherAdoptsNorReleases() {
        ReplicaSet leaving = new ReplicaSetBuilder(owner)
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();
        Pod own = controlledBy(pod("own"), owner);
        var plan = ClaimPlan.of(
                leaving,
                Selectors.labels(owner.getSpec().getSelector()),
                List.of(own, pod("free"), controlledBy(other, owner)));
        assertThat(plan).isEqualTo(new ClaimPlan<>(List.of(own), List.of(), List.of()));
    }

    private ClaimPlan<Pod> plan(Pod... pods) {
        return ClaimPlan.of(owner, Selectors.labels(owner.getSpec().getSelector()), List.of(pods));
    }

    private static ClaimPlan<Pod> nothing() {
        return new ClaimPlan<>(List.of(), List.of(), List.of());
    }
}
