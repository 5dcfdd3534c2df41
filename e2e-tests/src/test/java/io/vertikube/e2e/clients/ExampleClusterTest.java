package io.vertikube.e2e.clients;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.As;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.deploy.testing.WithControllers;
import io.vertikube.deploy.testing.WithNodes;
import io.vertikube.deploy.testing.WithScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The second example of the README: what else a test can have and do. */
@ApiServerTest
@WithControllers
@WithScheduler
@WithNodes(2)
final class ExampleClusterTest {

    @Test
    void podsRun(KubernetesClient client) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("c")
                        .withImage("any:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.pods().withName("web").waitUntilReady(30, SECONDS);
    }

    @Test
    void rightsAreRbacs(KubernetesClient admin, @As(value = "jane", groups = "devs") KubernetesClient jane) {
        assertThatThrownBy(() -> jane.pods().list()).hasMessageContaining("cannot list resource \"pods\"");
        admin.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("devs-look")
                        .endMetadata()
                        .addNewSubject("rbac.authorization.k8s.io", "Group", "devs", null)
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "view")
                        .build())
                .create();
        await().ignoreExceptions().until(() -> jane.pods().list().getItems().isEmpty());
    }

    @Test
    void somebodyWasFaster(KubernetesClient client, TestServer server) {
        var map = client.resource(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("map")
                .endMetadata()
                .build());
        map.create();
        server.faults().conflictNextWrites(1);
        assertThatThrownBy(map::update).hasMessageContaining("the object has been modified");
        map.update();
    }

    @Test
    void tokensExpire(KubernetesClient client, TestServer server) {
        var account = server.asServiceAccount(client.getNamespace(), "default").fabric8();
        assertThatThrownBy(() -> account.pods().list()).hasMessageContaining("cannot list");
        server.clock().advance(Duration.ofHours(2));
        assertThatThrownBy(() -> account.pods().list()).hasMessageContaining("Unauthorized");
    }
}
