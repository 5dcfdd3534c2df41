package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.vertikube.object.ApiException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Budgets and evictions against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DisruptionClusterTest {
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
    void evictionsNeverGoBelowTheBudgetAndGoOnWhenPodsAreBack() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, DeploymentClusterTest.web(ns, 3));
        cluster.create(PodDisruptionBudget.class, atMostOneAway(ns));
        eventually().until(() -> allowed(ns) == 1);
        List<String> first = names(ns);
        evict(ns, first.getFirst());
        for (String name : first.subList(1, 3)) {
            assertThat(ready(ns)).isGreaterThanOrEqualTo(2);
            eventually().until(() -> {
                evict(ns, name);
                return true;
            });
        }
        eventually().untilAsserted(() -> assertThat(names(ns)).hasSize(3).doesNotContainAnyElementsOf(first));
        eventually().until(() -> allowed(ns) == 1);
    }

    @Test
    void whatHasNoDisruptionLeftIsRefusedWithTheBudgetsName() {
        String ns = cluster.namespace();
        cluster.create(Deployment.class, DeploymentClusterTest.web(ns, 1));
        PodDisruptionBudget none = atMostOneAway(ns);
        none.getSpec().setMaxUnavailable(new IntOrString(0));
        cluster.create(PodDisruptionBudget.class, none);
        eventually()
                .until(() -> cluster.get(PodDisruptionBudget.class, ns, "web")
                                .getStatus()
                                .getExpectedPods()
                        == 1);
        eventually().until(() -> ready(ns) == 1);
        assertThatThrownBy(() -> evict(ns, names(ns).getFirst()))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(429))
                .hasMessageContaining("Cannot evict pod as it would violate the pod's disruption budget.");
    }

    private long allowed(String ns) {
        return cluster.get(PodDisruptionBudget.class, ns, "web").getStatus().getDisruptionsAllowed();
    }

    private long ready(String ns) {
        return cluster.pods(ns).stream()
                .filter(io.vertikube.controller.workload.Pods::ready)
                .count();
    }

    private List<String> names(String ns) {
        return cluster.pods(ns).stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private void evict(String ns, String pod) {
        cluster.client
                .of(Pod.class)
                .createSubresource(
                        ns,
                        pod,
                        "eviction",
                        new EvictionBuilder()
                                .withNewMetadata()
                                .withName(pod)
                                .withNamespace(ns)
                                .endMetadata()
                                .build(),
                        Status.class);
    }

    private static PodDisruptionBudget atMostOneAway(String ns) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endSelector()
                .endSpec()
                .build();
    }
}
