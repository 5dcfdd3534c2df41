package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Namespaces and garbage against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CollectingClusterTest {
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
    void everyNamespaceHasAnAccountAndTheRootCertificate() {
        String ns = cluster.namespace();
        eventually().until(() -> cluster.exists(ServiceAccount.class, ns, "default"));
        eventually().until(() -> cluster.exists(ConfigMap.class, ns, "kube-root-ca.crt"));
        cluster.client.of(ServiceAccount.class).delete(ns, "default", new DeleteOptions());
        cluster.edit(
                ConfigMap.class,
                new io.vertikube.object.ObjectKey(ns, "kube-root-ca.crt"),
                map -> new ConfigMapBuilder(map).withData(java.util.Map.of()).build());
        eventually().until(() -> cluster.exists(ServiceAccount.class, ns, "default"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.get(ConfigMap.class, ns, "kube-root-ca.crt")
                                .getData())
                        .containsEntry("ca.crt", TestCluster.CA));
    }

    @Test
    void aDeletedNamespaceTakesEverythingAlong() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, DeploymentClusterTest.web(ns, 3));
        cluster.create(ConfigMap.class, map(ns, "settings"));
        eventually().until(() -> cluster.pods(ns).size() == 3);
        cluster.client.of(Namespace.class).delete("", ns, new DeleteOptions());
        eventually().until(() -> !cluster.exists(Namespace.class, "", ns));
        assertThat(cluster.pods(ns)).isEmpty();
        assertThat(cluster.list(ReplicaSet.class, ns)).isEmpty();
        assertThat(cluster.list(ConfigMap.class, ns)).isEmpty();
    }

    @Test
    void aNamespaceSaysWhatItWaitsFor() {
        String ns = cluster.namespace();
        ConfigMap held = map(ns, "held");
        held.getMetadata().setFinalizers(List.of("example.com/keep"));
        cluster.create(ConfigMap.class, held);
        cluster.client.of(Namespace.class).delete("", ns, new DeleteOptions());
        eventually()
                .untilAsserted(() -> assertThat(
                                cluster.get(Namespace.class, "", ns).getStatus().getConditions())
                        .extracting(c -> c.getType() + "=" + c.getStatus() + " " + c.getMessage())
                        .contains("NamespaceFinalizersRemaining=True Some content in the namespace has finalizers"
                                + " remaining: example.com/keep in 1 resource instances"));
        cluster.edit(
                ConfigMap.class,
                new io.vertikube.object.ObjectKey(ns, "held"),
                map -> new ConfigMapBuilder(map)
                        .editMetadata()
                        .withFinalizers(List.of())
                        .endMetadata()
                        .build());
        eventually().until(() -> !cluster.exists(Namespace.class, "", ns));
    }

    @Test
    void deletionInTheBackgroundCascades() {
        String ns = deployed();
        delete(ns, "Background");
        eventually()
                .until(() -> cluster.list(ReplicaSet.class, ns).isEmpty()
                        && cluster.pods(ns).isEmpty());
        assertThat(cluster.exists(Deployment.class, ns, "web")).isFalse();
    }

    @Test
    void deletionInTheForegroundWaitsForDependents() {
        String ns = deployed();
        delete(ns, "Foreground");
        eventually().until(() -> {
            boolean podsLeft = !cluster.pods(ns).isEmpty();
            boolean ownerLeft = cluster.exists(Deployment.class, ns, "web");
            assertThat(ownerLeft || !podsLeft).isTrue();
            return !ownerLeft;
        });
        assertThat(cluster.list(ReplicaSet.class, ns)).isEmpty();
        assertThat(cluster.pods(ns)).isEmpty();
    }

    @Test
    void deletionAsOrphanLeavesTheDependents() {
        String ns = deployed();
        delete(ns, "Orphan");
        eventually().until(() -> !cluster.exists(Deployment.class, ns, "web"));
        eventually()
                .untilAsserted(() -> assertThat(cluster.list(ReplicaSet.class, ns))
                        .hasSize(1)
                        .allMatch(set -> set.getMetadata().getOwnerReferences().isEmpty()));
        assertThat(cluster.pods(ns)).hasSize(2);
    }

    @Test
    void anOwnerThatNeverWasIsNoOwner() {
        String ns = cluster.namespace();
        ConfigMap child = map(ns, "child");
        child.getMetadata()
                .setOwnerReferences(List.of(new OwnerReference(
                        "v1", null, null, "ConfigMap", "nobody", "00000000-dead-beef-0000-000000000000")));
        cluster.create(ConfigMap.class, child);
        eventually().until(() -> !cluster.exists(ConfigMap.class, ns, "child"));
    }

    @Test
    void oneOfTwoOwnersIsEnough() {
        String ns = cluster.namespace();
        ConfigMap one = cluster.create(ConfigMap.class, map(ns, "one"));
        ConfigMap two = cluster.create(ConfigMap.class, map(ns, "two"));
        ConfigMap child = map(ns, "child");
        child.getMetadata().setOwnerReferences(List.of(reference(one), reference(two)));
        cluster.create(ConfigMap.class, child);
        cluster.client.of(ConfigMap.class).delete(ns, "one", new DeleteOptions());
        eventually()
                .untilAsserted(() -> assertThat(cluster.get(ConfigMap.class, ns, "child")
                                .getMetadata()
                                .getOwnerReferences())
                        .containsExactly(reference(two)));
        cluster.client.of(ConfigMap.class).delete(ns, "two", new DeleteOptions());
        eventually().until(() -> !cluster.exists(ConfigMap.class, ns, "child"));
    }

    private String deployed() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, DeploymentClusterTest.web(ns, 2));
        eventually().until(() -> cluster.pods(ns).size() == 2);
        return ns;
    }

    private void delete(String ns, String propagation) {
        var options = new DeleteOptions();
        options.setPropagationPolicy(propagation);
        cluster.client.of(Deployment.class).delete(ns, "web", options);
    }

    private static OwnerReference reference(ConfigMap owner) {
        return new OwnerReference(
                "v1",
                null,
                null,
                "ConfigMap",
                owner.getMetadata().getName(),
                owner.getMetadata().getUid());
    }

    private static ConfigMap map(String ns, String name) {
        return new ConfigMapBuilder()
                .withMetadata(
                        new ObjectMetaBuilder().withName(name).withNamespace(ns).build())
                .build();
    }
}
