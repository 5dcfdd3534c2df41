package io.vertikube.controller.daemonset;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.intOrString;
import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.onNode;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.template;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.vertikube.controller.history.TemplateRevision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DaemonSetPlanTest {
    private final List<Node> nodes = List.of(node("a"), node("b"), node("c"));

    @Test
    void everyNodeThatFitsGetsOne() {
        DaemonSetPlan plan = plan(set("1", "0"), fresh("a"));
        assertThat(plan.create()).containsExactly("b", "c");
        assertThat(plan.delete()).isEmpty();
        Pod pod = DaemonPod.create(set("1", "0"), "b", "new");
        assertThat(DaemonPod.node(pod)).isEqualTo("b");
        assertThat(pod.getMetadata().getLabels()).containsEntry("controller-revision-hash", "new");
    }

    @Test
    void nodesAreChosenBySelectorAndTaints() {
        DaemonSet west = new DaemonSetBuilder(set("1", "0"))
                .editSpec()
                .editTemplate()
                .editSpec()
                .withNodeSelector(Map.of("zone", "west"))
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
        assertThat(NodeFit.of(DaemonPod.spec(west), node("a"))).isEqualTo(new NodeFit(false, false));
        Node labelled = new NodeBuilder(node("a"))
                .editMetadata()
                .addToLabels("zone", "west")
                .endMetadata()
                .build();
        assertThat(NodeFit.of(DaemonPod.spec(west), labelled)).isEqualTo(new NodeFit(true, true));
        assertThat(fit("node.kubernetes.io/unreachable", "NoExecute")).isEqualTo(new NodeFit(true, true));
        assertThat(fit("dedicated", "NoSchedule")).isEqualTo(new NodeFit(false, true));
        assertThat(fit("dedicated", "NoExecute")).isEqualTo(new NodeFit(false, false));
    }

    @Test
    void doublesAndEndedOnesGo() {
        DaemonSetPlan plan =
                plan(set("1", "0"), fresh("a"), named("young", fresh("a")), phase(fresh("b"), "Failed"), fresh("c"));
        assertThat(plan.delete()).hasSize(1);
        assertThat(plan.ended()).hasSize(1);
        assertThat(plan.create()).isEmpty();
    }

    @Test
    void anUpdateTakesDownAsManyAsAllowed() {
        assertThat(plan(set("1", "0"), old("a"), old("b"), old("c")).delete()).hasSize(1);
        assertThat(plan(set("2", "0"), old("a"), old("b"), old("c")).delete()).hasSize(2);
        assertThat(plan(set("1", "0"), notReady(fresh("a")), old("b"), old("c")).delete())
                .isEmpty();
        assertThat(plan(set("1", "0"), notReady(old("a")), old("b"), old("c")).delete())
                .containsExactly(notReady(old("a")));
        assertThat(plan(set("1", "0"), terminating(old("a")), old("b"), old("c"))
                        .delete())
                .isEmpty();
    }

    @Test
    void aSurgeCreatesBesideAndDeletesWhenAvailable() {
        DaemonSet surge = set("0", "1");
        assertThat(plan(surge, old("a"), old("b"), old("c")).create()).hasSize(1);
        DaemonSetPlan waiting = plan(surge, old("a"), named("new-a", notReady(fresh("a"))), old("b"), old("c"));
        assertThat(waiting.create()).isEmpty();
        assertThat(waiting.delete()).isEmpty();
        DaemonSetPlan ready = plan(surge, old("a"), named("new-a", fresh("a")), old("b"), old("c"));
        assertThat(ready.delete()).containsExactly(old("a"));
    }

    @Test
    void statusCounts() {
        var status = DaemonSetStatusPlan.of(set("1", "0"), nodes, List.of(fresh("a"), notReady(old("b"))), "new", NOW)
                .status();
        assertThat(status.getDesiredNumberScheduled()).isEqualTo(3);
        assertThat(status.getCurrentNumberScheduled()).isEqualTo(2);
        assertThat(status.getUpdatedNumberScheduled()).isEqualTo(1);
        assertThat(status.getNumberReady()).isEqualTo(1);
        assertThat(status.getNumberAvailable()).isEqualTo(1);
        assertThat(status.getNumberUnavailable()).isEqualTo(2);
        assertThat(status.getNumberMisscheduled()).isZero();
    }

    @Test
    void patienceGrowsWithEachFailure() {
        var patience = new Patience();
        assertThat(patience.until("x", NOW)).isEmpty();
        assertThat(patience.until("x", NOW)).contains(Duration.ofSeconds(1));
        assertThat(patience.until("x", NOW.plusSeconds(1))).isEmpty();
        assertThat(patience.until("x", NOW.plusSeconds(2))).contains(Duration.ofSeconds(1));
        assertThat(patience.until("y", NOW)).isEmpty();
    }

    private NodeFit fit(String key, String effect) {
        Node tainted = new NodeBuilder(node("a"))
                .editOrNewSpec()
                .addNewTaint()
                .withKey(key)
                .withEffect(effect)
                .endTaint()
                .endSpec()
                .build();
        return NodeFit.of(DaemonPod.spec(set("1", "0")), tainted);
    }

    private DaemonSetPlan plan(DaemonSet set, Pod... pods) {
        return DaemonSetPlan.of(set, nodes, List.of(pods), "new", NOW);
    }

    private static Pod fresh(String node) {
        return of(node, "new");
    }

    private static Pod old(String node) {
        return of(node, "old");
    }

    private static Pod of(String node, String hash) {
        return new PodBuilder(onNode(pod(hash + "-" + node), node))
                .editMetadata()
                .addToLabels(TemplateRevision.HASH_LABEL, hash)
                .endMetadata()
                .build();
    }

    private static Pod named(String name, Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .endMetadata()
                .build();
    }

    private static Node node(String name) {
        return new NodeBuilder().withNewMetadata().withName(name).endMetadata().build();
    }

    private static DaemonSet set(String maxUnavailable, String maxSurge) {
        return new DaemonSetBuilder()
                .withNewMetadata()
                .withName("agent")
                .withNamespace("ns")
                .withUid("uid-agent")
                .endMetadata()
                .withNewSpec()
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of("app", "web"))
                        .build())
                .withTemplate(template("agent:1"))
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(intOrString(maxUnavailable))
                .withMaxSurge(intOrString(maxSurge))
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
    }
}
