package io.vertikube.controller.statefulset;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.notReady;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.template;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.vertikube.controller.history.TemplateRevision;
import io.vertikube.controller.statefulset.StatefulSetPlan.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class StatefulSetPlanTest {
    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("nothing there: the first", ordered(3), List.of(), "+0"),
                Arguments.of("first not ready: wait", ordered(3), List.of(notReady(old(0))), ""),
                Arguments.of("first ready: the second", ordered(3), List.of(old(0)), "+1"),
                Arguments.of("a gap is filled", ordered(3), List.of(old(0), old(2)), "+1"),
                Arguments.of("one terminates: wait", ordered(2), List.of(terminating(old(0)), old(1)), ""),
                Arguments.of("failed is recreated", ordered(2), List.of(phase(old(0), "Failed"), old(1)), "-0"),
                Arguments.of("highest surplus goes", ordered(1), List.of(old(0), old(1), old(2)), "-2"),
                Arguments.of("surplus terminates: wait", ordered(1), List.of(old(0), old(1), terminating(old(2))), ""),
                Arguments.of("scaled down while first is ill: wait", ordered(1), List.of(notReady(old(0)), old(1)), ""),
                Arguments.of("parallel: all at once", parallel(3), List.of(), "+0 +1 +2"),
                Arguments.of("parallel: all surplus", parallel(1), List.of(old(0), old(1), old(2)), "-2 -1"),
                Arguments.of("start at five", from(5, ordered(2)), List.of(), "+5"),
                Arguments.of("below the start is surplus", from(1, ordered(2)), List.of(old(0), old(1), old(2)), "-0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void scalingFollowsTheOrder(String what, StatefulSet set, List<Pod> pods, String steps) {
        assertThat(text(StatefulSetPlan.of(set, pods, "web-old", "web-old", NOW))
                        .replace("*", ""))
                .isEqualTo(steps);
    }

    static Stream<Arguments> rollouts() {
        return Stream.of(
                Arguments.of("highest first", ordered(3), List.of(old(0), old(1), old(2)), "-2"),
                Arguments.of("next when ready", ordered(3), List.of(old(0), old(1), updated(2)), "-1"),
                Arguments.of("wait for the updated", ordered(3), List.of(old(0), old(1), notReady(updated(2))), ""),
                Arguments.of("recreated as updated", ordered(3), List.of(old(0), old(1)), "+2*"),
                Arguments.of("partition holds", partition(2, ordered(3)), List.of(old(0), old(1), updated(2)), ""),
                Arguments.of("below partition stays old", partition(2, ordered(3)), List.of(old(0), updated(2)), "+1"),
                Arguments.of(
                        "two may be away", away("2", ordered(4)), List.of(old(0), old(1), old(2), old(3)), "-3 -2"),
                Arguments.of("half, rounded up", away("50%", ordered(3)), List.of(old(0), old(1), old(2)), "-2 -1"),
                Arguments.of("no share is less than one", away("0%", ordered(2)), List.of(old(0), old(1)), "-1"),
                Arguments.of(
                        "one is away already",
                        away("2", parallel(4)),
                        List.of(old(0), old(1), old(2), notReady(updated(3))),
                        "-2"),
                Arguments.of(
                        "what is away below counts",
                        away("2", parallel(4)),
                        List.of(terminating(old(0)), notReady(updated(1)), old(2), old(3)),
                        ""),
                Arguments.of(
                        "an ill one is no loss",
                        away("2", parallel(4)),
                        List.of(notReady(old(0)), notReady(old(1)), old(2), old(3)),
                        "-1 -0"),
                Arguments.of(
                        "partition with two away",
                        partition(2, away("3", ordered(4))),
                        List.of(old(0), old(1), old(2), old(3)),
                        "-3 -2"),
                Arguments.of("on delete waits", onDelete(ordered(2)), List.of(old(0), old(1)), ""),
                Arguments.of("on delete recreates updated", onDelete(ordered(2)), List.of(old(0)), "+1*"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rollouts")
    void rolloutsGoDownwardsOneByOne(String what, StatefulSet set, List<Pod> pods, String steps) {
        assertThat(text(StatefulSetPlan.of(set, pods, "web-old", "web-new", NOW)))
                .isEqualTo(steps);
    }

    @Test
    void minReadySecondsAreWaitedFor() {
        StatefulSet set = new StatefulSetBuilder(ordered(2))
                .editSpec()
                .withMinReadySeconds(90)
                .endSpec()
                .build();
        StatefulSetPlan plan = StatefulSetPlan.of(set, List.of(old(0)), "web-old", "web-old", NOW);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.lookAgain()).hasValueSatisfying(wait -> assertThat(wait).hasSeconds(30));
    }

    @Test
    void aPodHasNameHostAndClaims() {
        StatefulSet set = new StatefulSetBuilder(ordered(1))
                .editSpec()
                .withServiceName("db")
                .withVolumeClaimTemplates(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName("data")
                        .endMetadata()
                        .build())
                .endSpec()
                .build();
        Pod pod = StatefulPod.create(set, 2, set.getSpec().getTemplate(), "web-new");
        assertThat(pod.getMetadata().getName()).isEqualTo("web-2");
        assertThat(pod.getSpec().getHostname()).isEqualTo("web-2");
        assertThat(pod.getSpec().getSubdomain()).isEqualTo("db");
        assertThat(pod.getMetadata().getLabels())
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-2")
                .containsEntry("apps.kubernetes.io/pod-index", "2")
                .containsEntry("controller-revision-hash", "web-new");
        assertThat(pod.getSpec()
                        .getVolumes()
                        .getFirst()
                        .getPersistentVolumeClaim()
                        .getClaimName())
                .isEqualTo("data-web-2");
        assertThat(StatefulPod.claims(set, 2).getFirst().getMetadata().getName())
                .isEqualTo("data-web-2");
    }

    @Test
    void aCompleteRolloutMakesTheUpdateCurrent() {
        StatefulSetStatus half =
                StatefulSetStatusPlan.of(ordered(2), List.of(old(0), updated(1)), "web-old", "web-new", NOW);
        assertThat(half.getCurrentRevision()).isEqualTo("web-old");
        assertThat(half.getCurrentReplicas()).isEqualTo(1);
        assertThat(half.getUpdatedReplicas()).isEqualTo(1);
        StatefulSetStatus whole =
                StatefulSetStatusPlan.of(ordered(2), List.of(updated(0), updated(1)), "web-old", "web-new", NOW);
        assertThat(whole.getCurrentRevision()).isEqualTo("web-new");
        assertThat(whole.getCurrentReplicas()).isEqualTo(2);
    }

    private static String text(StatefulSetPlan plan) {
        return String.join(
                " ",
                plan.steps().stream()
                        .map(step -> switch (step) {
                            case Step.Create(int ordinal, boolean updated) -> "+" + ordinal + (updated ? "*" : "");
                            case Step.Delete(Pod pod, Step.Why why) ->
                                "-" + pod.getMetadata().getName().substring(4);
                        })
                        .toList());
    }

    private static Pod old(int ordinal) {
        return of(ordinal, "web-old");
    }

    private static Pod updated(int ordinal) {
        return of(ordinal, "web-new");
    }

    private static Pod of(int ordinal, String revision) {
        return new PodBuilder(pod("web-" + ordinal))
                .editMetadata()
                .addToLabels(TemplateRevision.HASH_LABEL, revision)
                .endMetadata()
                .build();
    }

    private static StatefulSet ordered(int replicas) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("ns")
                .withUid("uid-web")
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of("app", "web"))
                        .build())
                .withTemplate(template("web:1"))
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withPartition(0)
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
    }

    private static StatefulSet parallel(int replicas) {
        return new StatefulSetBuilder(ordered(replicas))
                .editSpec()
                .withPodManagementPolicy("Parallel")
                .endSpec()
                .build();
    }

    private static StatefulSet from(int start, StatefulSet set) {
        return new StatefulSetBuilder(set)
                .editSpec()
                .withNewOrdinals(start)
                .endSpec()
                .build();
    }

    private static StatefulSet away(String most, StatefulSet set) {
        return new StatefulSetBuilder(set)
                .editSpec()
                .editOrNewUpdateStrategy()
                .editOrNewRollingUpdate()
                .withMaxUnavailable(
                        most.endsWith("%") ? new IntOrString(most) : new IntOrString(Integer.parseInt(most)))
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
    }

    private static StatefulSet partition(int partition, StatefulSet set) {
        return new StatefulSetBuilder(set)
                .editSpec()
                .editUpdateStrategy()
                .editRollingUpdate()
                .withPartition(partition)
                .endRollingUpdate()
                .endUpdateStrategy()
                .endSpec()
                .build();
    }

    private static StatefulSet onDelete(StatefulSet set) {
        return new StatefulSetBuilder(set)
                .editSpec()
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .endSpec()
                .build();
    }
}
