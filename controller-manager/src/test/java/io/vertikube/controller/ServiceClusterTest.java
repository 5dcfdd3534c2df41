package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import io.vertikube.object.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Endpoints, nodes and the other workloads against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServiceClusterTest {
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
    void endpointsFollowPods() throws InterruptedException {
        String ns = cluster.namespace();
        cluster.create(Service.class, service(ns));
        eventually().untilAsserted(() -> {
            assertThat(cluster.get(Endpoints.class, ns, "web").getSubsets()).isEmpty();
            assertThat(cluster.list(EndpointSlice.class, ns)).hasSize(1);
        });
        cluster.create(Deployment.class, DeploymentClusterTest.web(ns, 3));
        awaitEndpoints(ns, 3);
        scale(ns, 1);
        awaitEndpoints(ns, 1);
        String endpoints = cluster.get(Endpoints.class, ns, "web").getMetadata().getResourceVersion();
        String slice =
                cluster.list(EndpointSlice.class, ns).getFirst().getMetadata().getResourceVersion();
        Thread.sleep(1000);
        assertThat(cluster.get(Endpoints.class, ns, "web").getMetadata().getResourceVersion())
                .isEqualTo(endpoints);
        assertThat(cluster.list(EndpointSlice.class, ns)
                        .getFirst()
                        .getMetadata()
                        .getResourceVersion())
                .isEqualTo(slice);
        cluster.client.of(Service.class).delete(ns, "web");
        eventually()
                .until(() -> !cluster.exists(Endpoints.class, ns, "web")
                        && cluster.list(EndpointSlice.class, ns).isEmpty());
    }

    @Test
    void aFurtherRangeGivesAddressesAndGoesWhenNobodyHasOne() {
        String ns = cluster.namespace();
        assertThatThrownBy(() -> cluster.create(Service.class, at(ns, "early", "10.112.0.4")))
                .hasMessageContaining("is not in the valid range");
        cluster.create(
                ServiceCIDR.class,
                new ServiceCIDRBuilder()
                        .withNewMetadata()
                        .withName("more")
                        .endMetadata()
                        .withNewSpec()
                        .withCidrs("10.112.0.0/28")
                        .endSpec()
                        .build());
        eventually().untilAsserted(() -> assertThat(readiness()).containsExactly("True"));
        cluster.create(Service.class, at(ns, "further", "10.112.0.5"));
        cluster.client.of(ServiceCIDR.class).delete("", "more");
        eventually().untilAsserted(() -> assertThat(readiness()).containsExactly("False"));
        assertThatThrownBy(() -> cluster.create(Service.class, at(ns, "late", "10.112.0.6")))
                .hasMessageContaining("is not in the valid range");
        cluster.client.of(Service.class).delete(ns, "further");
        eventually().until(() -> !cluster.exists(ServiceCIDR.class, "", "more"));
    }

    private List<String> readiness() {
        return cluster.get(ServiceCIDR.class, "", "more").getStatus().getConditions().stream()
                .map(Condition::getStatus)
                .toList();
    }

    private static Service at(String ns, String name, String address) {
        return new ServiceBuilder(service(ns))
                .editMetadata()
                .withName(name)
                .endMetadata()
                .editSpec()
                .withClusterIP(address)
                .endSpec()
                .build();
    }

    @Test
    void aNodeGetsARangeAndLosesItsPodsWhenItFallsSilent() {
        cluster.create(Node.class, node("steady"));
        cluster.create(Node.class, node("silent"));
        var heartbeat = Thread.ofVirtual().start(() -> beat("steady"));
        try {
            ready("silent");
            eventually().untilAsserted(() -> {
                assertThat(cluster.get(Node.class, "", "steady").getSpec().getPodCIDR())
                        .matches("10\\.42\\.\\d+\\.0/24")
                        .isNotEqualTo(
                                cluster.get(Node.class, "", "silent").getSpec().getPodCIDR());
                assertThat(cluster.get(Node.class, "", "silent").getSpec().getTaints())
                        .isEmpty();
            });
            String ns = cluster.namespace();
            eventually()
                    .until(() -> cluster.exists(io.fabric8.kubernetes.api.model.ServiceAccount.class, ns, "default"));
            cluster.create(
                    Pod.class,
                    new PodBuilder()
                            .withNewMetadata()
                            .withName("p")
                            .withNamespace(ns)
                            .endMetadata()
                            .withSpec(Fixtures.template("web:1").getSpec())
                            .editSpec()
                            .withNodeName("silent")
                            .addNewToleration("NoExecute", "node.kubernetes.io/unreachable", "Exists", 1L, null)
                            .addNewToleration("NoExecute", "node.kubernetes.io/not-ready", "Exists", 1L, null)
                            .endSpec()
                            .build());
            eventually()
                    .untilAsserted(() -> assertThat(cluster.get(Node.class, "", "silent")
                                    .getSpec()
                                    .getTaints())
                            .extracting(Taint::getKey, Taint::getEffect)
                            .containsExactlyInAnyOrder(
                                    org.assertj.core.groups.Tuple.tuple("node.kubernetes.io/unreachable", "NoSchedule"),
                                    org.assertj.core.groups.Tuple.tuple(
                                            "node.kubernetes.io/unreachable", "NoExecute")));
            eventually().until(() -> !cluster.exists(Pod.class, ns, "p"));
        } finally {
            heartbeat.interrupt();
            cluster.client.of(Node.class).delete("", "silent");
            cluster.client.of(Node.class).delete("", "steady");
        }
    }

    @Test
    void aReplicationControllerKeepsItsCount() {
        String ns = cluster.namespace();
        cluster.create(
                ReplicationController.class,
                new ReplicationControllerBuilder()
                        .withNewMetadata()
                        .withName("rc")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .withSelector(Map.of("app", "web"))
                        .withTemplate(Fixtures.template("web:1"))
                        .endSpec()
                        .build());
        eventually()
                .until(() -> Integer.valueOf(2)
                        .equals(cluster.get(ReplicationController.class, ns, "rc")
                                .getStatus()
                                .getAvailableReplicas()));
    }

    @Test
    void aStatefulSetGrowsRollsAndShrinksInOrder() {
        String ns = cluster.namespace();
        cluster.create(StatefulSet.class, statefulSet(ns));
        eventually()
                .until(() -> Integer.valueOf(3)
                        .equals(cluster.get(StatefulSet.class, ns, "db")
                                .getStatus()
                                .getAvailableReplicas()));
        assertThat(cluster.pods(ns))
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactlyInAnyOrder("db-0", "db-1", "db-2");
        cluster.edit(
                StatefulSet.class,
                new ObjectKey(ns, "db"),
                set -> new StatefulSetBuilder(set)
                        .editSpec()
                        .withTemplate(Fixtures.template("web:2"))
                        .endSpec()
                        .build());
        eventually().until(() -> {
            var status = cluster.get(StatefulSet.class, ns, "db").getStatus();
            return Integer.valueOf(3).equals(status.getUpdatedReplicas())
                    && status.getCurrentRevision().equals(status.getUpdateRevision())
                    && cluster.pods(ns).stream()
                            .allMatch(pod -> pod.getSpec()
                                    .getContainers()
                                    .getFirst()
                                    .getImage()
                                    .equals("web:2"));
        });
        cluster.edit(
                StatefulSet.class,
                new ObjectKey(ns, "db"),
                set -> new StatefulSetBuilder(set)
                        .editSpec()
                        .withReplicas(1)
                        .endSpec()
                        .build());
        eventually()
                .untilAsserted(() -> assertThat(cluster.pods(ns))
                        .extracting(pod -> pod.getMetadata().getName())
                        .containsExactly("db-0"));
    }

    @Test
    void aDaemonSetCoversTheNodes() {
        String ns = cluster.namespace();
        Node node = cluster.create(Node.class, node("daemons"));
        ready("daemons");
        try {
            cluster.create(
                    DaemonSet.class,
                    new DaemonSetBuilder()
                            .withNewMetadata()
                            .withName("agent")
                            .withNamespace(ns)
                            .endMetadata()
                            .withNewSpec()
                            .withSelector(new LabelSelectorBuilder()
                                    .withMatchLabels(Map.of("app", "web"))
                                    .build())
                            .withTemplate(Fixtures.template("agent:1"))
                            .editTemplate()
                            .editSpec()
                            .withNodeSelector(Map.of("name", "daemons"))
                            .addNewToleration(null, null, "Exists", null, null)
                            .endSpec()
                            .endTemplate()
                            .endSpec()
                            .build());
            eventually()
                    .until(() -> Integer.valueOf(1)
                            .equals(cluster.get(DaemonSet.class, ns, "agent")
                                    .getStatus()
                                    .getNumberAvailable()));
            cluster.edit(
                    DaemonSet.class,
                    new ObjectKey(ns, "agent"),
                    set -> new DaemonSetBuilder(set)
                            .editSpec()
                            .editTemplate()
                            .editSpec()
                            .editFirstContainer()
                            .withImage("agent:2")
                            .endContainer()
                            .endSpec()
                            .endTemplate()
                            .endSpec()
                            .build());
            eventually()
                    .until(() -> cluster.pods(ns).stream()
                            .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
                            .toList()
                            .equals(List.of("agent:2")));
        } finally {
            cluster.client.of(Node.class).delete("", node.getMetadata().getName());
        }
    }

    @Test
    void aJobRunsToItsEndAndGoesAfterItsTime() {
        String ns = cluster.namespace();
        cluster.create(
                Job.class,
                new JobBuilder()
                        .withNewMetadata()
                        .withName("job")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withCompletions(3)
                        .withParallelism(2)
                        .withTtlSecondsAfterFinished(2)
                        .withTemplate(Fixtures.template("job:1"))
                        .editTemplate()
                        .editMetadata()
                        .addToAnnotations(PretendedKubelets.ENDS, "true")
                        .endMetadata()
                        .editSpec()
                        .withRestartPolicy("Never")
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        eventually().untilAsserted(() -> {
            var status = cluster.get(Job.class, ns, "job").getStatus();
            assertThat(status.getConditions())
                    .extracting(c -> c.getType() + "=" + c.getStatus())
                    .contains("Complete=True");
            assertThat(status.getSucceeded()).isEqualTo(3);
            assertThat(cluster.pods(ns))
                    .hasSize(3)
                    .allMatch(pod -> pod.getMetadata().getFinalizers().isEmpty());
        });
        eventually()
                .until(() -> !cluster.exists(Job.class, ns, "job")
                        && cluster.pods(ns).isEmpty());
    }

    private void awaitEndpoints(String ns, int ready) {
        eventually().untilAsserted(() -> {
            List<EndpointSubset> subsets =
                    cluster.get(Endpoints.class, ns, "web").getSubsets();
            assertThat(subsets).hasSize(1);
            assertThat(subsets.getFirst().getAddresses()).hasSize(ready);
            assertThat(subsets.getFirst().getNotReadyAddresses()).isEmpty();
            List<EndpointSlice> slices = cluster.list(EndpointSlice.class, ns);
            assertThat(slices).hasSize(1);
            assertThat(slices.getFirst().getEndpoints())
                    .hasSize(ready)
                    .allMatch(endpoint -> endpoint.getConditions().getReady());
            assertThat(slices.getFirst().getPorts().getFirst().getPort()).isEqualTo(8080);
        });
    }

    private void scale(String ns, int replicas) {
        cluster.edit(
                Deployment.class,
                DeploymentClusterTest.key(ns),
                d -> new DeploymentBuilder(d)
                        .editSpec()
                        .withReplicas(replicas)
                        .endSpec()
                        .build());
    }

    private void beat(String name) {
        try {
            while (true) {
                ready(name);
                Thread.sleep(1000);
            }
        } catch (InterruptedException | RuntimeException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void ready(String name) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        eventually().until(() -> {
            cluster.client
                    .of(Node.class)
                    .updateStatus(new NodeBuilder(cluster.get(Node.class, "", name))
                            .withNewStatus()
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .withReason("KubeletReady")
                            .withLastHeartbeatTime(now)
                            .withLastTransitionTime(now)
                            .endCondition()
                            .endStatus()
                            .build());
            return true;
        });
    }

    private static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("name", name))
                .endMetadata()
                .build();
    }

    private static StatefulSet statefulSet(String ns) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("db")
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .withReplicas(3)
                .withServiceName("db")
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of("app", "web"))
                        .build())
                .withTemplate(Fixtures.template("web:1"))
                .endSpec()
                .build();
    }

    private static Service service(String ns) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .withSelector(Map.of("app", "web"))
                .addNewPort()
                .withName("http")
                .withPort(80)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build();
    }
}
