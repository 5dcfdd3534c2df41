package io.vertikube.e2e.onejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.PatchType;
import io.vertikube.deploy.testing.WithControllers;
import io.vertikube.deploy.testing.WithNodes;
import io.vertikube.deploy.testing.WithScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every service together in one JVM, on three simulated nodes: what controllers, scheduler and nodes make of objects. */
@ApiServerTest
@WithControllers
@WithScheduler
@WithNodes(3)
final class SimulatedClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static ApiClient client;

    @BeforeAll
    static void connect(TestServer server) {
        client = server.client();
    }

    @Test
    void aDeploymentSpreadsRollsAndShrinks() {
        String namespace = namespace("rolls");
        var deployments = client.of(Deployment.class);
        deployments.create(deployment(namespace, "web", 6, "web:1"));
        awaitReady(namespace, "web", 6);
        assertThat(pods(namespace).stream().map(p -> p.getSpec().getNodeName()).distinct())
                .hasSize(3);
        deployments.patch(
                namespace,
                "web",
                PatchType.STRATEGIC,
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"web:2\"}]}}}}"
                        .getBytes(StandardCharsets.UTF_8),
                null);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(pods(namespace))
                        .hasSize(6)
                        .allMatch(p ->
                                p.getSpec().getContainers().get(0).getImage().equals("web:2")));
        awaitReady(namespace, "web", 6);
        deployments.patch(
                namespace,
                "web",
                PatchType.MERGE,
                "{\"spec\":{\"replicas\":1}}".getBytes(StandardCharsets.UTF_8),
                null);
        await().atMost(LONG).untilAsserted(() -> assertThat(pods(namespace)).hasSize(1));
        assertThat(client.of(ReplicaSet.class)
                        .list(namespace, ListOptions.all())
                        .items())
                .hasSize(2);
    }

    @Test
    void aServiceHasTheEndpointsOfItsReadyPods() {
        String namespace = namespace("endpoints");
        client.of(Deployment.class).create(deployment(namespace, "web", 2, "web:1"));
        Service service = client.of(Service.class)
                .create(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(Map.of("app", "web"))
                        .addNewPort()
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build());
        assertThat(service.getSpec().getClusterIP()).startsWith("10.96.");
        await().atMost(LONG).untilAsserted(() -> {
            List<EndpointSlice> slices = client.of(EndpointSlice.class)
                    .list(namespace, ListOptions.all())
                    .items();
            assertThat(slices).hasSize(1);
            assertThat(slices.get(0).getEndpoints())
                    .hasSize(2)
                    .allMatch(e -> e.getConditions().getReady());
        });
    }

    @Test
    void aNamespaceTakesItsContentsAlong() {
        String namespace = namespace("going");
        client.of(Deployment.class).create(deployment(namespace, "web", 2, "web:1"));
        awaitReady(namespace, "web", 2);
        client.of(Namespace.class).delete("", namespace);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(client.of(Namespace.class).find("", namespace))
                        .isEmpty());
        assertThat(pods(namespace)).isEmpty();
    }

    @Test
    void aDeletedDeploymentTakesItsPodsAlong() {
        String namespace = namespace("owned");
        client.of(Deployment.class).create(deployment(namespace, "web", 2, "web:1"));
        awaitReady(namespace, "web", 2);
        client.of(Deployment.class).delete(namespace, "web");
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(pods(namespace)).isEmpty();
            assertThat(client.of(ReplicaSet.class)
                            .list(namespace, ListOptions.all())
                            .items())
                    .isEmpty();
        });
    }

    @Test
    void aProbeOverTheNetworkIsAnsweredWithoutANetwork() {
        String namespace = namespace("probed");
        Deployment deployment = deployment(namespace, "web", 1, "web:1");
        deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .setReadinessProbe(new ProbeBuilder()
                        .withNewHttpGet()
                        .withPath("/healthz")
                        .withNewPort(80)
                        .endHttpGet()
                        .withPeriodSeconds(1)
                        .build());
        client.of(Deployment.class).create(deployment);
        awaitReady(namespace, "web", 1);
    }

    private static String namespace(String name) {
        client.of(Namespace.class)
                .create(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build());
        return name;
    }

    private static List<Pod> pods(String namespace) {
        return client.of(Pod.class).list(namespace, ListOptions.all()).items();
    }

    private static void awaitReady(String namespace, String name, int replicas) {
        await().atMost(LONG).untilAsserted(() -> {
            Deployment deployment = client.of(Deployment.class).get(namespace, name);
            assertThat(deployment.getStatus().getAvailableReplicas()).isEqualTo(replicas);
            assertThat(deployment.getStatus().getObservedGeneration())
                    .isEqualTo(deployment.getMetadata().getGeneration());
            assertThat(deployment.getStatus().getUpdatedReplicas()).isEqualTo(replicas);
        });
    }

    private static Deployment deployment(String namespace, String name, int replicas, String image) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(Map.of("app", name))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", name))
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName("c")
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
