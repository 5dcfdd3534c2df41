package io.vertikube.controller.podgc;

import static io.vertikube.controller.Fixtures.onNode;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PodGcPlanTest {
    @Test
    void endedPodsBeyondTheThresholdGo() {
        List<Pod> pods = List.of(phase(pod("a"), "Succeeded"), phase(pod("b"), "Failed"), pod("c"));
        assertThat(plan(pods, 1).surplus())
                .extracting(p -> p.getMetadata().getName())
                .containsExactly("a");
        assertThat(plan(pods, 2).surplus()).isEmpty();
        assertThat(plan(pods, 0).surplus()).isEmpty();
    }

    @Test
    void podsOfGoneNodesAreOrphans() {
        Pod orphan = onNode(pod("a"), "gone");
        assertThat(plan(List.of(orphan, pod("b")), 0).orphaned()).containsExactly(orphan);
    }

    @Test
    void terminatingPodsWithoutANodeGo() {
        Pod pod = terminating(onNode(pod("a"), ""));
        assertThat(plan(List.of(pod, onNode(pod("b"), "")), 0).unscheduled()).containsExactly(pod);
    }

    @Test
    void terminatingPodsOfNodesOutOfServiceGo() {
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName("node-1")
                .endMetadata()
                .withNewSpec()
                .addNewTaint()
                .withKey("node.kubernetes.io/out-of-service")
                .withEffect("NoExecute")
                .endTaint()
                .endSpec()
                .build();
        Pod pod = terminating(pod("a"));
        PodGcPlan plan = PodGcPlan.of(List.of(pod, pod("b")), Map.of("node-1", node), Set.of(), 0);
        assertThat(plan.outOfService()).containsExactly(pod);
    }

    private static PodGcPlan plan(List<Pod> pods, int threshold) {
        return PodGcPlan.of(pods, Map.of(), Set.of("gone"), threshold);
    }
}
