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
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.ListOptions;
import io.vertikube.client.PatchType;
import io.vertikube.deploy.cluster.ClusterPki;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.OneJvm;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every service together in one JVM, on three simulated nodes: what controllers, scheduler and nodes make of objects. */
final class SimulatedClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static OneJvm services;
    private static ApiClient client;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var settings = new ClusterSettings(
                folder,
                ClusterSettings.StoreKind.EMBEDDED,
                port,
                "sim",
                "127.0.0.1",
                Cidr.parse("10.42.0.0/16"),
                Cidr.parse("10.96.0.0/16"),
                "10.96.0.10",
                3,
                false);
        new ClusterPki(settings, InstantSource.system()).ensure();
        vertx = Vertx.vertx();
        var progress = new Progress(null);
        services = OneJvm.start(vertx, settings, progress);
        client = ApiClient.connect(vertx, KubeConfig.load(settings.files().kubeconfig("admin")), "test");
        new Readiness(client, progress).awaitNodes(3);
    }

    @AfterAll
    static void stop() {
        if (services != null) {
            client.close();
            services.close();
            vertx.close().await();
        }
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
