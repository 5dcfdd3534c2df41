package io.vertikube.controller.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.catalog.ResourceType;
import io.vertikube.controller.gc.CollectPlan.OwnerState;
import io.vertikube.controller.gc.CollectPlan.Propagation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OwnerGraphTest {
    private static final ResourceType THINGS =
            new ResourceType("", "v1", "Thing", "things", "thing", List.of(), true, Set.of(), List.of(), List.of());

    private final OwnerGraph graph = new OwnerGraph();

    @Test
    void whatIsOwnedIsLookedAtWhenItComesAndWhenItsOwnerGoes() {
        assertThat(graph.put(object("owner"))).isEmpty();
        assertThat(graph.put(object("child", "owner"))).containsExactly("child");
        assertThat(graph.put(object("child", "owner"))).isEmpty();
        assertThat(graph.remove("owner")).containsExactly("child");
        assertThat(graph.remove("child")).isEmpty();
        assertThat(graph.hasDependents("owner")).isFalse();
    }

    @Test
    void anOwnerThatWaitsIsLookedAtWhenAChildGoesOrIsFreed() {
        graph.put(object("owner"));
        graph.put(object("one", "owner"));
        graph.put(object("two", "owner"));
        assertThat(graph.put(waiting("owner"))).containsExactlyInAnyOrder("one", "two", "owner");
        assertThat(graph.remove("one")).containsExactly("owner");
        assertThat(graph.put(object("two"))).containsExactly("owner");
    }

    @Test
    void aUidAloneIsNoOwner() {
        GraphObject owner = object("owner");
        assertThat(owner.isMeantBy(reference("owner"), "ns")).isTrue();
        assertThat(owner.isMeantBy(reference("owner"), "elsewhere")).isFalse();
        assertThat(owner.isMeantBy(new OwnerReference("v1", true, true, "Thing", "other", "owner"), "ns"))
                .isFalse();
    }

    @Test
    void anObjectWithAnOwnerStaysAndDropsThoseThatAreGone() {
        var owners = List.of(reference("a"), reference("b"));
        assertThat(plan(owners, Map.of("a", OwnerState.THERE, "b", OwnerState.THERE)))
                .isEqualTo(new CollectPlan.Keep());
        assertThat(plan(owners, Map.of("a", OwnerState.THERE, "b", OwnerState.ABSENT)))
                .isEqualTo(new CollectPlan.DropOwners(Set.of("b")));
        assertThat(plan(owners, Map.of("a", OwnerState.THERE, "b", OwnerState.WAITING)))
                .isEqualTo(new CollectPlan.DropOwners(Set.of("b")));
    }

    @Test
    void anObjectWithoutOwnersGoes() {
        var owners = List.of(reference("a"));
        assertThat(plan(owners, Map.of("a", OwnerState.ABSENT)))
                .isEqualTo(new CollectPlan.Delete(Propagation.BACKGROUND));
        assertThat(plan(owners, Map.of("a", OwnerState.WAITING)))
                .isEqualTo(new CollectPlan.Delete(Propagation.BACKGROUND));
        assertThat(plan(List.of(), Map.of())).isEqualTo(new CollectPlan.Keep());
    }

    @Test
    void foregroundGoesOnDownwardsAndACircleIsCut() {
        var owners = List.of(reference("a"));
        var states = Map.of("a", OwnerState.WAITING);
        assertThat(CollectPlan.of(object("x", "a"), owners, states, List.of(object("y", "x"))))
                .isEqualTo(new CollectPlan.Delete(Propagation.FOREGROUND));
        assertThat(CollectPlan.of(object("x", "a"), owners, states, List.of(waiting("y"))))
                .isEqualTo(new CollectPlan.UnblockAndDelete());
    }

    private static CollectPlan plan(List<OwnerReference> owners, Map<String, OwnerState> states) {
        return CollectPlan.of(object("x"), owners, states, List.of());
    }

    private static OwnerReference reference(String uid) {
        return new OwnerReference("v1", true, true, "Thing", uid, uid);
    }

    private static GraphObject object(String uid, String... owners) {
        return new GraphObject(
                THINGS,
                "ns",
                uid,
                uid,
                List.of(owners).stream().map(OwnerGraphTest::reference).toList(),
                false,
                false,
                false);
    }

    private static GraphObject waiting(String uid) {
        return new GraphObject(THINGS, "ns", uid, uid, List.of(), true, true, false);
    }
}
