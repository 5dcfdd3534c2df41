package io.vertikube.controller.node;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.ago;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodePlansTest {
    private static final Duration GRACE = Duration.ofSeconds(40);
    private static final Duration ABSENCE = Duration.ofSeconds(20);
    private static final Duration STARTUP = Duration.ofSeconds(60);

    @Test
    void onlyAChangedSignMovesTheTime() {
        NodeSigns signs = NodeSigns.first("h1", "r1", NOW);
        assertThat(signs.next("h1", "r1", NOW.plusSeconds(10), ABSENCE).seenAt())
                .isEqualTo(NOW);
        assertThat(signs.next("h1", "r2", NOW.plusSeconds(10), ABSENCE).seenAt())
                .isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void timeInWhichNobodyLookedIsNotSilence() {
        NodeSigns signs = NodeSigns.first("h1", "r1", NOW).next("h1", "r1", NOW.plusSeconds(15), ABSENCE);
        NodeSigns after = signs.next("h1", "r1", NOW.plusSeconds(315), ABSENCE);
        assertThat(NodeHealthPlan.silent(node("True"), after, GRACE, STARTUP, NOW.plusSeconds(315)))
                .isFalse();
        NodeSigns looking = after;
        for (int at = 320; at <= 345; at += 5) {
            looking = looking.next("h1", "r1", NOW.plusSeconds(at), ABSENCE);
        }
        assertThat(NodeHealthPlan.silent(node("True"), looking, GRACE, STARTUP, NOW.plusSeconds(345)))
                .isTrue();
    }

    @ParameterizedTest(name = "silent for {0} s, spoke before: {1}")
    @CsvSource({"39, true, false", "41, true, true", "41, false, false", "61, false, true"})
    void silenceIsJudgedByTheGracePeriod(long seconds, boolean spoke, boolean silent) {
        Node node = spoke
                ? node("True")
                : new NodeBuilder(node("True")).withStatus(null).build();
        var signs = NodeSigns.first("", "", NOW.minusSeconds(seconds));
        assertThat(NodeHealthPlan.silent(node, signs, GRACE, STARTUP, NOW)).isEqualTo(silent);
    }

    @Test
    void aSilentNodesConditionsBecomeUnknown() {
        List<NodeCondition> conditions =
                NodeHealthPlan.unknown(node("True"), NOW).orElseThrow();
        assertThat(conditions)
                .extracting(c -> c.getType() + " " + c.getStatus() + " " + c.getReason())
                .containsExactly(
                        "Ready Unknown NodeStatusUnknown",
                        "MemoryPressure Unknown NodeStatusNeverUpdated",
                        "DiskPressure Unknown NodeStatusNeverUpdated",
                        "PIDPressure Unknown NodeStatusNeverUpdated");
        Node told = new NodeBuilder(node("True"))
                .editStatus()
                .withConditions(conditions)
                .endStatus()
                .build();
        assertThat(NodeHealthPlan.unknown(told, NOW)).isEmpty();
    }

    @Test
    void taintsFollowReadiness() {
        assertThat(NodeTaintPlan.of(node("True"), EvictionLeave.NOW, NOW)).isEmpty();
        List<Taint> unreachable =
                NodeTaintPlan.of(node("Unknown"), EvictionLeave.NOW, NOW).orElseThrow();
        assertThat(unreachable)
                .containsExactly(
                        new Taint("NoSchedule", NodeTaintPlan.UNREACHABLE, null, null),
                        new Taint("NoExecute", NodeTaintPlan.UNREACHABLE, NOW.toString(), null));
        Node tainted = tainted(node("Unknown"), unreachable);
        assertThat(NodeTaintPlan.of(tainted, EvictionLeave.NOW, NOW.plusSeconds(60)))
                .isEmpty();
        assertThat(NodeTaintPlan.of(tainted(node("True"), unreachable), EvictionLeave.NOW, NOW))
                .contains(List.of());
    }

    @Test
    void noPodIsDrivenOffWhenNoNodeIsReady() {
        assertThat(NodeTaintPlan.of(node("Unknown"), EvictionLeave.NEVER, NOW).orElseThrow())
                .extracting(Taint::getEffect)
                .containsExactly("NoSchedule");
    }

    @Test
    void taintsOfOthersStay() {
        var own = new Taint("NoSchedule", "dedicated", null, "db");
        assertThat(NodeTaintPlan.of(tainted(node("False"), List.of(own)), EvictionLeave.NOW, NOW)
                        .orElseThrow())
                .contains(own)
                .hasSize(3);
    }

    @Test
    void aCordonedNodeIsTainted() {
        Node cordoned = new NodeBuilder(node("True"))
                .editOrNewSpec()
                .withUnschedulable(true)
                .endSpec()
                .build();
        assertThat(NodeTaintPlan.of(cordoned, EvictionLeave.NOW, NOW).orElseThrow())
                .extracting(Taint::getKey)
                .containsExactly("node.kubernetes.io/unschedulable");
    }

    private static Node tainted(Node node, List<Taint> taints) {
        return new NodeBuilder(node)
                .editOrNewSpec()
                .withTaints(taints)
                .endSpec()
                .build();
    }

    private static Node node(String ready) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("node-1")
                .withCreationTimestamp(ago(1000))
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .withLastHeartbeatTime(ago(10))
                .withLastTransitionTime(ago(500))
                .endCondition()
                .endStatus()
                .build();
    }
}
