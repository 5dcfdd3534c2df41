package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.object.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Deployments against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeploymentClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aDeploymentBecomesPodsAndKeepsThemComing() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, web(ns, 3));
        awaitComplete(ns, 3);
        assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(1);
        Pod lost = cluster.pods(ns).getFirst();
        cluster.client.of(Pod.class).delete(ns, lost.getMetadata().getName(), new DeleteOptions());
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods(ns))
                        .hasSize(3)
                        .noneMatch(pod -> pod.getMetadata()
                                .getUid()
                                .equals(lost.getMetadata().getUid())));
        scale(ns, 5);
        awaitComplete(ns, 5);
        scale(ns, 1);
        awaitComplete(ns, 1);
        eventually()
                .untilAsserted(() -> assertThat(cluster.list(Event.class, ns))
                        .extracting(event -> event.getReason() + " " + event.getMessage())
                        .anyMatch(text -> text.matches("ScalingReplicaSet Scaled up replica set web-\\S+ from 0 to 3"))
                        .anyMatch(
                                text -> text.matches("ScalingReplicaSet Scaled down replica set web-\\S+ from 5 to 1"))
                        .anyMatch(text -> text.matches("SuccessfulCreate Created pod: web-\\S+"))
                        .anyMatch(text -> text.matches("SuccessfulDelete Deleted pod: web-\\S+")));
    }

    @Test
    void aNewTemplateRollsAndTheOldOneRollsBack() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, web(ns, 4));
        awaitComplete(ns, 4);
        String first =
                cluster.list(ReplicaSet.class, ns).getFirst().getMetadata().getName();
        image(ns, "web:2");
        awaitRevision(ns, "2");
        awaitComplete(ns, 4);
        assertThat(cluster.pods(ns))
                .allMatch(pod ->
                        pod.getSpec().getContainers().getFirst().getImage().equals("web:2"));
        assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(2);
        image(ns, "web:1");
        awaitRevision(ns, "3");
        awaitComplete(ns, 4);
        assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(2);
        ReplicaSet back = cluster.get(ReplicaSet.class, ns, first);
        assertThat(back.getSpec().getReplicas()).isEqualTo(4);
        assertThat(back.getMetadata().getAnnotations())
                .containsEntry("deployment.kubernetes.io/revision", "3")
                .containsEntry("deployment.kubernetes.io/revision-history", "1");
    }

    @Test
    void recreateNeverMixesTemplates() {
        String ns = cluster.namespace();
        Deployment deployment = new DeploymentBuilder(web(ns, 3))
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build();
        cluster.create(Deployment.class, deployment);
        awaitComplete(ns, 3);
        image(ns, "web:2");
        eventually().until(() -> {
            long images = cluster.pods(ns).stream()
                    .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
                    .distinct()
                    .count();
            assertThat(images).isLessThanOrEqualTo(1);
            return complete(ns, 3) && cluster.list(ReplicaSet.class, ns).size() == 2;
        });
    }

    @Test
    void whatIsCompleteIsLeftInPeace() throws InterruptedException {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, web(ns, 2));
        awaitComplete(ns, 2);
        eventually()
                .until(() -> condition(cluster.get(Deployment.class, ns, "web"), "Progressing")
                        .equals("True NewReplicaSetAvailable"));
        List<String> before = revisions(ns);
        Thread.sleep(1500);
        assertThat(revisions(ns)).isEqualTo(before);
    }

    @Test
    void aPausedDeploymentWaits() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, web(ns, 2));
        awaitComplete(ns, 2);
        cluster.edit(
                Deployment.class,
                key(ns),
                d -> new DeploymentBuilder(d)
                        .editSpec()
                        .withPaused(true)
                        .withReplicas(3)
                        .withTemplate(Fixtures.template("web:2"))
                        .endSpec()
                        .build());
        eventually()
                .until(() -> cluster.pods(ns).size() == 3
                        && condition(cluster.get(Deployment.class, ns, "web"), "Progressing")
                                .equals("Unknown DeploymentPaused"));
        assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(1);
    }

    private List<String> revisions(String ns) {
        var all = new java.util.ArrayList<String>();
        all.add(cluster.get(Deployment.class, ns, "web").getMetadata().getResourceVersion());
        cluster.list(ReplicaSet.class, ns)
                .forEach(set -> all.add(set.getMetadata().getResourceVersion()));
        cluster.pods(ns).forEach(pod -> all.add(pod.getMetadata().getResourceVersion()));
        return all;
    }

    private void scale(String ns, int replicas) {
        cluster.edit(
                Deployment.class,
                key(ns),
                d -> new DeploymentBuilder(d)
                        .editSpec()
                        .withReplicas(replicas)
                        .endSpec()
                        .build());
    }

    private void image(String ns, String image) {
        cluster.edit(
                Deployment.class,
                key(ns),
                d -> new DeploymentBuilder(d)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage(image)
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
    }

    private void awaitRevision(String ns, String revision) {
        eventually()
                .until(() -> revision.equals(cluster.get(Deployment.class, ns, "web")
                        .getMetadata()
                        .getAnnotations()
                        .get("deployment.kubernetes.io/revision")));
    }

    private void awaitComplete(String ns, int replicas) {
        eventually().until(() -> complete(ns, replicas));
    }

    private boolean complete(String ns, int replicas) {
        Deployment deployment = cluster.get(Deployment.class, ns, "web");
        var status = deployment.getStatus();
        Integer wanted = replicas;
        return status != null
                && deployment.getMetadata().getGeneration().equals(status.getObservedGeneration())
                && wanted.equals(status.getReplicas())
                && wanted.equals(status.getUpdatedReplicas())
                && wanted.equals(status.getAvailableReplicas())
                && cluster.pods(ns).size() == replicas;
    }

    static String condition(Deployment deployment, String type) {
        return deployment.getStatus().getConditions().stream()
                .filter(c -> type.equals(c.getType()))
                .map(c -> c.getStatus() + " " + c.getReason())
                .findFirst()
                .orElse("");
    }

    static ObjectKey key(String ns) {
        return new ObjectKey(ns, "web");
    }

    static Deployment web(String ns, int replicas) {
        Deployment deployment = Fixtures.deployment(replicas, "1", "1");
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(ns)
                .endMetadata()
                .withSpec(deployment.getSpec())
                .build();
    }
}
