package io.vertikube.controller.namespace;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NamespaceStatusPlanTest {
    @Test
    void itSaysWhatRemainsAndWhy() {
        var remains = new Remains(
                Map.of("pods.", 2, "widgets.example.com", 1), Map.of("example.com/keep", 1), Map.of(), Map.of());
        NamespaceStatus status = NamespaceStatusPlan.of(null, remains, NOW);
        assertThat(status.getPhase()).isEqualTo("Terminating");
        assertThat(status.getConditions())
                .extracting(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason() + ": " + c.getMessage())
                .containsExactly(
                        "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully"
                                + " discovered",
                        "NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types"
                                + " successfully parsed",
                        "NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may"
                                + " be waiting on finalization",
                        "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: pods. has 2"
                                + " resource instances, widgets.example.com has 1 resource instances",
                        "NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has"
                                + " finalizers remaining: example.com/keep in 1 resource instances");
    }

    @Test
    void whatStaysTrueKeepsItsTime() {
        var remains = new Remains(Map.of("pods.", 2), Map.of(), Map.of(), Map.of());
        NamespaceStatus first = NamespaceStatusPlan.of(null, remains, NOW);
        assertThat(NamespaceStatusPlan.of(first, remains, NOW.plusSeconds(60))).isEqualTo(first);
    }
}
