package io.vertikube.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.deploy.testing.WithControllers;
import io.vertikube.deploy.testing.WithNodes;
import io.vertikube.deploy.testing.WithScheduler;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Fabric8's client and what runs: Deployments that roll, pods that are entered, evicted and waited for. */
@ApiServerTest
@WithControllers
@WithScheduler
@WithNodes(2)
final class Fabric8WorkloadsTest {

    private static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("app", "web"))
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("c")
                .withImage("web:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private static Pod running(KubernetesClient client, String name) {
        client.pods()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("app", name)
                        .endMetadata()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(0L)
                        .addNewContainer()
                        .withName("c")
                        .withImage("web:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        return client.pods().withName(name).waitUntilReady(30, TimeUnit.SECONDS);
    }

    @Test
    void aDeploymentIsScaledRestartedAndUndone(KubernetesClient client) {
        client.apps().deployments().resource(deployment(2)).create();
        var web = client.apps().deployments().withName("web");
        web.waitUntilReady(30, TimeUnit.SECONDS);
        assertThat(web.scale(3).getSpec().getReplicas()).isEqualTo(3);
        assertThat(web.scale().getSpec().getReplicas()).isEqualTo(3);
        List<String> before = names(client);
        whateverComesBetween(() -> web.rolling().restart());
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(names(client)).hasSize(3).doesNotContainAnyElementsOf(before);
            assertThat(web.get().getStatus().getUpdatedReplicas()).isEqualTo(3);
        });
        whateverComesBetween(() -> web.edit(d -> new DeploymentBuilder(d)
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage("web:2")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build()));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                client.pods().withLabel("app", "web").list().getItems())
                        .hasSize(3)
                        .allMatch(p -> p.getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage()
                                .equals("web:2")));
        whateverComesBetween(() -> web.rolling().undo());
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(web.get()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage())
                        .isEqualTo("web:1"));
        web.delete();
        await().atMost(Duration.ofSeconds(30)).until(() -> names(client).isEmpty());
    }

    /** A client that reads and then writes does it again when the controller has written a status meanwhile. */
    private static void whateverComesBetween(Runnable change) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(e -> e instanceof KubernetesClientException refused
                        && refused.getCode() == HttpURLConnection.HTTP_CONFLICT)
                .until(() -> {
                    change.run();
                    return true;
                });
    }

    private static List<String> names(KubernetesClient client) {
        return client.pods().withLabel("app", "web").list().getItems().stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .map(p -> p.getMetadata().getName())
                .toList();
    }

    @Test
    void aPodIsEntered(KubernetesClient client) throws Exception {
        running(client, "entered");
        var out = new ByteArrayOutputStream();
        try (ExecWatch exec =
                client.pods().withName("entered").writingOutput(out).exec("echo", "hello")) {
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isZero();
        }
        assertThat(out.toString()).contains("hello");
    }

    @Test
    void aPodsLogIsReadAndFollowed(KubernetesClient client) {
        running(client, "logging");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.pods().withName("logging").getLog() != null);
        var out = new ByteArrayOutputStream();
        try (var watch = client.pods().withName("logging").watchLog(out)) {
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aPortIsForwarded(KubernetesClient client) throws Exception {
        running(client, "forwarded");
        try (LocalPortForward forward = client.pods().withName("forwarded").portForward(80)) {
            assertThat(forward.isAlive()).isTrue();
            assertThat(forward.getLocalPort()).isPositive();
        }
    }

    @Test
    void aPodIsEvicted(KubernetesClient client) {
        running(client, "evicted");
        assertThat(client.pods().withName("evicted").evict()).isTrue();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.pods().withName("evicted").get() == null);
    }

    @Test
    void aNamespaceGoesWithItsContents(KubernetesClient client) {
        running(client, "inside");
        client.namespaces().withName(client.getNamespace()).delete();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.namespaces().withName(client.getNamespace()).get() == null);
        assertThat(client.pods().list().getItems()).isEmpty();
    }
}
