package io.vertikube.e2e.clients;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.TestServer;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The example of the README: an operator, and a test of it. */
@ApiServerTest
final class ExampleTest {

    /** An operator: what is in the map "source" is also in the map "copy". */
    private static void copies(KubernetesClient client) {
        client.configMaps().withName("source").inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap source) {
                var copy = new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("copy")
                        .endMetadata();
                client.resource(copy.withData(source.getData()).build())
                        .fieldManager("copier")
                        .serverSideApply();
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap now) {
                onAdd(now);
            }

            @Override
            public void onDelete(ConfigMap source, boolean unknown) {
                client.configMaps().withName("copy").delete();
            }
        });
    }

    @Test
    void theCopyFollowsEvenThroughARestart(KubernetesClient client, TestServer server) {
        copies(client);
        var source = new ConfigMapBuilder().withNewMetadata().withName("source").endMetadata();
        client.resource(source.withData(Map.of("color", "red")).build()).create();
        var copy = client.configMaps().withName("copy");
        copy.waitUntilCondition(c -> c != null && "red".equals(c.getData().get("color")), 10, SECONDS);

        server.restart();

        client.configMaps().withName("source").delete();
        copy.waitUntilCondition(Objects::isNull, 30, SECONDS);
    }
}
