package io.vertikube.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.deploy.testing.WithControllers;
import io.vertikube.deploy.testing.WithNodes;
import io.vertikube.deploy.testing.WithScheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An operator on java-operator-sdk reaches its state, keeps it through a restart of the server, and cleans up. */
@ApiServerTest
@WithControllers
@WithScheduler
@WithNodes(1)
final class OperatorSdkTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @BeforeAll
    @SuppressWarnings("unchecked") // The generator takes an array of classes with parameters.
    static void define(TestServer server) throws IOException {
        Map<String, ByteArrayOutputStream> written = new ConcurrentHashMap<>();
        new CRDGenerator()
                .customResourceClasses(WebApp.class)
                .forCRDVersions("v1")
                .withOutput(new CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream>() {
                    @Override
                    protected ByteArrayOutputStream createStreamFor(String name) {
                        return written.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                    }
                })
                .generate();
        CustomResourceDefinition definition =
                Serialization.unmarshal(written.values().iterator().next().toString(), CustomResourceDefinition.class);
        KubernetesClient client = server.admin().fabric8();
        client.resource(definition).serverSideApply();
        client.resource(definition)
                .waitUntilCondition(
                        d -> d.getStatus() != null
                                && d.getStatus().getConditions().stream()
                                        .anyMatch(c -> c.getType().equals("Established")
                                                && c.getStatus().equals("True")),
                        20,
                        TimeUnit.SECONDS);
    }

    @Test
    void theOperatorDoesItsWork(KubernetesClient client, TestServer server) {
        var reconciler = new WebAppOperator();
        var operator = new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
        operator.register(reconciler, o -> o.settingNamespace(client.getNamespace()));
        operator.start();
        try {
            var apps = client.resources(WebApp.class);
            for (int i = 0; i < 5; i++) {
                client.resource(app("app-" + i, 1)).create();
            }
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(apps.list().getItems())
                            .hasSize(5)
                            .allMatch(a -> a.getStatus() != null && "Ready".equals(a.getStatus().phase))
                            .allMatch(a -> a.getMetadata().getFinalizers().size() == 1));

            server.restart();

            apps.withName("app-0").edit(a -> {
                a.getSpec().replicas = 2;
                return a;
            });
            await().atMost(LONG).untilAsserted(() -> {
                WebApp app = apps.withName("app-0").get();
                assertThat(app.getStatus().available).isEqualTo(2);
                assertThat(app.getStatus().observedGeneration)
                        .isEqualTo(app.getMetadata().getGeneration());
            });

            // What somebody takes away, the operator puts back.
            client.configMaps().withName("app-1").delete();
            await().atMost(LONG)
                    .until(() -> client.configMaps().withName("app-1").get() != null);

            apps.delete();
            await().atMost(LONG).until(() -> apps.list().getItems().isEmpty());
            assertThat(reconciler.cleaned).contains("app-0", "app-1", "app-2", "app-3", "app-4");
            await().atMost(LONG)
                    .until(() -> client.apps().deployments().list().getItems().isEmpty());
        } finally {
            operator.stop();
        }
    }

    private static WebApp app(String name, int replicas) {
        var app = new WebApp();
        app.setMetadata(new ObjectMetaBuilder().withName(name).build());
        app.setSpec(new WebApp.Spec());
        app.getSpec().replicas = replicas;
        app.getSpec().image = "app:1";
        return app;
    }
}
