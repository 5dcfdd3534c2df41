package io.vertikube.controller.deployment;

import static io.vertikube.controller.Fixtures.deployment;
import static io.vertikube.controller.Fixtures.recreate;
import static io.vertikube.controller.Fixtures.template;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.deployment.DeploymentAction.DeleteSet;
import io.vertikube.controller.deployment.DeploymentAction.ScaleSet;
import io.vertikube.controller.deployment.DeploymentAction.WriteStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DeploymentPlanTest {
    @Test
    void aNewDeploymentGetsAReplicaSetOfItsTemplate() {
        var rollout = settled(deployment(3, "25%", "25%"));
        ReplicaSet set = rollout.newest();
        String hash = set.getMetadata().getLabels().get("pod-template-hash");
        assertThat(set.getMetadata().getName()).isEqualTo("web-" + hash);
        assertThat(set.getSpec().getSelector().getMatchLabels()).containsEntry("pod-template-hash", hash);
        assertThat(set.getSpec().getTemplate().getMetadata().getLabels()).containsEntry("pod-template-hash", hash);
        assertThat(set.getMetadata().getAnnotations())
                .containsEntry("deployment.kubernetes.io/revision", "1")
                .containsEntry("deployment.kubernetes.io/desired-replicas", "3")
                .containsEntry("deployment.kubernetes.io/max-replicas", "4");
        assertThat(rollout.deployment().getMetadata().getAnnotations())
                .containsEntry("deployment.kubernetes.io/revision", "1");
        var status = rollout.deployment().getStatus();
        assertThat(status.getReplicas()).isEqualTo(3);
        assertThat(status.getUpdatedReplicas()).isEqualTo(3);
        assertThat(status.getReadyReplicas()).isEqualTo(3);
        assertThat(status.getAvailableReplicas()).isEqualTo(3);
        assertThat(status.getUnavailableReplicas()).isNull();
        assertThat(status.getObservedGeneration()).isEqualTo(1);
        assertCondition(rollout.deployment(), "Available", "True", "MinimumReplicasAvailable");
        assertCondition(rollout.deployment(), "Progressing", "True", "NewReplicaSetAvailable");
    }

    @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}")
    @CsvSource({
        "1, 1, 0",
        "1, 25%, 25%",
        "3, 25%, 25%",
        "4, 0, 1",
        "10, 3, 2",
        "10, 100%, 0",
        "10, 0, 100%",
        "7, 1, 3",
    })
    void aRollingUpdateNeverLeavesItsBounds(int replicas, String surge, String unavailable) {
        var rollout = settled(deployment(replicas, surge, unavailable));
        rollout.edit(d -> d.editSpec().withTemplate(template("web:2")).endSpec());
        ReplicaMath bounds = ReplicaMath.of(rollout.deployment());
        int steps = 0;
        while (rollout.step()) {
            assertThat(rollout.pods()).isLessThanOrEqualTo(replicas + bounds.maxSurge());
            assertThat(rollout.available()).isGreaterThanOrEqualTo(replicas - bounds.maxUnavailable());
            assertThat(++steps).isLessThan(200);
        }
        assertThat(Sets.wanted(rollout.newest())).isEqualTo(replicas);
        assertThat(rollout.pods()).isEqualTo(replicas);
        assertThat(rollout.deployment().getStatus().getUpdatedReplicas()).isEqualTo(replicas);
        assertThat(rollout.deployment().getMetadata().getAnnotations()).containsEntry(Revisions.REVISION, "2");
        assertCondition(rollout.deployment(), "Progressing", "True", "NewReplicaSetAvailable");
    }

    @Test
    void anImageThatNeverStartsStopsTheRolloutAndMissesTheDeadline() {
        var rollout = settled(deployment(10, "3", "2"));
        rollout.breakImage("web:bad");
        rollout.edit(d -> d.editSpec().withTemplate(template("web:bad")).endSpec());
        rollout.settleAll();
        assertThat(Sets.wanted(rollout.newest())).isEqualTo(5);
        assertThat(rollout.available()).isEqualTo(8);
        assertCondition(rollout.deployment(), "Progressing", "True", "ReplicaSetUpdated");
        rollout.pass(700);
        rollout.settleAll();
        DeploymentCondition late =
                assertCondition(rollout.deployment(), "Progressing", "False", "ProgressDeadlineExceeded");
        assertThat(late.getMessage())
                .isEqualTo(
                        "ReplicaSet \"" + rollout.newest().getMetadata().getName() + "\" has timed out progressing.");
        rollout.edit(d -> d.editSpec().withTemplate(template("web:1")).endSpec());
        rollout.settleAll();
        assertCondition(rollout.deployment(), "Progressing", "True", "NewReplicaSetAvailable");
        assertThat(rollout.newest().getMetadata().getAnnotations())
                .containsEntry(Revisions.REVISION, "3")
                .containsEntry(Revisions.HISTORY, "1");
    }

    @Test
    void whoAskedForItGoesBackToTheLastCompleteRevision() {
        var rollout = settled(asking(deployment(10, "3", "2")));
        rollout.breakImage("web:bad");
        rollout.edit(d -> d.editSpec().withTemplate(template("web:bad")).endSpec());
        rollout.settleAll();
        rollout.pass(700);
        rollout.settleAll();
        assertThat(rollout.newest()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getImage())
                .isEqualTo("web:1");
        assertThat(rollout.newest().getMetadata().getAnnotations()).containsEntry(Revisions.REVISION, "3");
        assertCondition(rollout.deployment(), "Progressing", "True", "NewReplicaSetAvailable");
        DeploymentCondition told =
                assertCondition(rollout.deployment(), "RolledBack", "True", "ProgressDeadlineExceeded");
        assertThat(told.getMessage())
                .matches(
                        "Rolled back from revision 2 to revision 1: ReplicaSet \"web-.*\" has timed out progressing\\.");
        rollout.edit(d -> d.editSpec().withTemplate(template("web:2")).endSpec());
        rollout.settleAll();
        assertThat(rollout.deployment().getStatus().getConditions())
                .extracting(DeploymentCondition::getType)
                .doesNotContain("RolledBack");
    }

    @Test
    void withoutACompleteRevisionThereIsNowhereToGo() {
        var rollout = new SimulatedRollout(asking(deployment(3, "25%", "25%")));
        rollout.breakImage("web:1");
        rollout.settleAll();
        rollout.pass(700);
        rollout.settleAll();
        assertCondition(rollout.deployment(), "Progressing", "False", "ProgressDeadlineExceeded");
        assertCondition(rollout.deployment(), "RolledBack", "False", "NoCompleteRevision");
    }

    @Test
    void aRevisionThatWasCompleteIsNeverLeft() {
        var rollout = settled(asking(deployment(3, "25%", "25%")));
        rollout.edit(d -> d.editSpec().withTemplate(template("web:2")).endSpec());
        rollout.settleAll();
        rollout.breakImage("web:2");
        rollout.edit(d -> d.editSpec().withReplicas(30).endSpec());
        rollout.settleAll();
        rollout.pass(700);
        rollout.settleAll();
        assertThat(rollout.done).noneMatch(DeploymentAction.RollBack.class::isInstance);
    }

    private static Deployment asking(Deployment deployment) {
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations("vertikube.io/automatic-rollback", "true")
                .endMetadata()
                .build();
    }

    @Test
    void aStuckRolloutIsScaledInProportion() {
        var rollout = settled(deployment(10, "3", "2"));
        rollout.breakImage("web:bad");
        rollout.edit(d -> d.editSpec().withTemplate(template("web:bad")).endSpec());
        rollout.settleAll();
        rollout.edit(d -> d.editSpec().withReplicas(15).endSpec());
        rollout.step();
        assertThat(rollout.sets()).extracting(Sets::wanted).containsExactlyInAnyOrder(11, 7);
    }

    @Test
    void recreateEndsTheOldPodsBeforeItStartsNewOnes() {
        var rollout = settled(recreate(3));
        rollout.edit(d -> d.editSpec().withTemplate(template("web:2")).endSpec());
        while (rollout.step()) {
            long kinds = rollout.sets().stream()
                    .filter(set -> Sets.replicas(set) > 0)
                    .count();
            assertThat(kinds).isLessThanOrEqualTo(1);
        }
        assertThat(Sets.wanted(rollout.newest())).isEqualTo(3);
        assertThat(rollout.pods()).isEqualTo(3);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        var rollout = settled(deployment(3, "25%", "25%"));
        rollout.edit(d -> d.editSpec()
                .withPaused(true)
                .withReplicas(5)
                .withTemplate(template("web:2"))
                .endSpec());
        rollout.settleAll();
        assertThat(rollout.sets()).hasSize(1);
        assertThat(rollout.pods()).isEqualTo(5);
        assertCondition(rollout.deployment(), "Progressing", "Unknown", "DeploymentPaused");
        rollout.edit(d -> d.editSpec().withPaused(false).endSpec());
        rollout.settleAll();
        assertThat(rollout.sets()).hasSize(2);
        assertThat(Sets.wanted(rollout.newest())).isEqualTo(5);
        assertCondition(rollout.deployment(), "Progressing", "True", "NewReplicaSetAvailable");
    }

    @Test
    void historyKeepsAsManyOldSetsAsAskedFor() {
        var rollout = settled(deployment(2, "1", "0"));
        rollout.edit(d -> d.editSpec().withRevisionHistoryLimit(2).endSpec());
        for (int i = 2; i <= 6; i++) {
            String image = "web:" + i;
            rollout.edit(d -> d.editSpec().withTemplate(template(image)).endSpec());
            rollout.settleAll();
        }
        assertThat(rollout.sets()).hasSize(3);
        assertThat(rollout.done).filteredOn(DeleteSet.class::isInstance).hasSize(3);
        assertThat(rollout.sets())
                .extracting(set -> set.getMetadata().getAnnotations().get(Revisions.REVISION))
                .containsExactlyInAnyOrder("4", "5", "6");
    }

    @Test
    void annotationsReachTheSetAndTheHashLabelStaysOut() {
        var rollout = settled(deployment(1, "1", "0"));
        rollout.edit(d -> d.editMetadata()
                .addToAnnotations(Map.of(
                        "kubernetes.io/change-cause",
                        "kubectl set image",
                        "kubectl.kubernetes.io/last-applied-configuration",
                        "{}"))
                .endMetadata());
        rollout.settleAll();
        assertThat(rollout.newest().getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/change-cause", "kubectl set image")
                .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
        assertThat(rollout.sets()).hasSize(1);
    }

    @Test
    void whatIsSettledIsWrittenNoMore() {
        var rollout = settled(deployment(3, "25%", "25%"));
        int before = rollout.done.size();
        rollout.pass(3600);
        assertThat(rollout.step()).isFalse();
        assertThat(rollout.done).hasSize(before);
    }

    @Test
    void aDeletedDeploymentOnlyReports() {
        var rollout = settled(deployment(3, "25%", "25%"));
        rollout.edit(d -> d.editMetadata()
                .withDeletionTimestamp("2026-01-01T12:00:00Z")
                .endMetadata()
                .editSpec()
                .withReplicas(7)
                .endSpec());
        int before = rollout.done.size();
        rollout.settleAll();
        assertThat(rollout.done.subList(before, rollout.done.size())).allMatch(WriteStatus.class::isInstance);
        assertThat(rollout.done).filteredOn(ScaleSet.class::isInstance).isEmpty();
    }

    private static SimulatedRollout settled(Deployment deployment) {
        var rollout = new SimulatedRollout(deployment);
        rollout.settleAll();
        return rollout;
    }

    private static DeploymentCondition assertCondition(
            Deployment deployment, String type, String status, String reason) {
        DeploymentCondition condition = deployment.getStatus().getConditions().stream()
                .filter(c -> type.equals(c.getType()))
                .findFirst()
                .orElseThrow();
        assertThat(condition.getStatus() + " " + condition.getReason()).isEqualTo(status + " " + reason);
        return condition;
    }
}
