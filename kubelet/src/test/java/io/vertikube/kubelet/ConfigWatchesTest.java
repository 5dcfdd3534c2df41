package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.kubelet.source.ApiConfigSource;
import io.vertikube.kubelet.source.ConfigWatches;
import io.vertikube.service.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches with a node's own identity, so that what it may watch is the API server's word. */
class ConfigWatchesTest {

    /** Longer than any test: what changes within it was not fetched again. */
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final List<String> woken = new CopyOnWriteArrayList<>();
    private TestCluster cluster;
    private ApiClient node;
    private ConfigWatches watches;
    private Pod pod;

    @BeforeEach
    void begin() throws Exception {
        cluster = new TestCluster(Files.createDirectories(folder.resolve("cluster")));
        Certificates.Pair pair = cluster.identity("system:node:n", "system:nodes");
        node = ApiClient.connect(
                cluster.vertx,
                KubeConfig.withCertificate(cluster.server.uri(), cluster.authority(), pair.certificate(), pair.key()));
        watches = new ConfigWatches(node, new ApiConfigSource(node, InstantSource.system(), LONG), woken::add);
        pod = cluster.client.of(Pod.class).create(TestPods.parse("""
                metadata: {name: p, namespace: default}
                spec:
                  nodeName: n
                  containers:
                  - {name: c, image: i, envFrom: [{secretRef: {name: keys}}]}
                  volumes:
                  - {name: v, configMap: {name: settings}}
                """));
        cluster.client.of(ConfigMap.class).create(settings("1"));
        watches.podChanged(null, pod);
    }

    @AfterEach
    void end() {
        watches.close();
        node.close();
        cluster.close();
    }

    @Test
    void aChangeArrivesAndWakesThePodsThatReferToIt() {
        assertThat(value()).isEqualTo("1");
        cluster.client.of(ConfigMap.class).update(settings("2"));
        await().until(() -> value().equals("2"));
        String uid = pod.getMetadata().getUid();
        await().until(() -> woken.contains(uid));
        assertThat(watches.changes(uid)).isPositive();
        assertThat(watches.changes("another")).isZero();
        cluster.client.of(ConfigMap.class).delete("default", "settings");
        cluster.client.of(ConfigMap.class).create(settings("3"));
        await().until(() -> value().equals("3"));
    }

    @Test
    void whatDoesNotExistYetIsFoundWhenItIsMade() {
        assertThat(watches.secret("default", "keys")).isEmpty();
        cluster.client
                .of(Secret.class)
                .create(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("keys")
                        .endMetadata()
                        .addToStringData("a", "b")
                        .build());
        await().until(() -> watches.secret("default", "keys").isPresent());
        await().until(() -> !woken.isEmpty());
    }

    @Test
    void whatIsImmutableIsKeptWithoutAWatch() {
        cluster.client
                .of(ConfigMap.class)
                .update(new ConfigMapBuilder(settings("1")).withImmutable(true).build());
        assertThat(value()).isEqualTo("1");
        await().until(() -> watches.open() == 0);
        assertThat(value()).isEqualTo("1");
    }

    @Test
    void theWatchEndsWithTheLastPod() {
        assertThat(value()).isEqualTo("1");
        assertThat(watches.open()).isEqualTo(1);
        watches.podChanged(pod, null);
        assertThat(watches.open()).isZero();
    }

    private String value() {
        return watches.configMap("default", "settings")
                .map(ConfigMap::getData)
                .map(data -> data.get("k"))
                .orElse("");
    }

    private static ConfigMap settings(String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("settings")
                .endMetadata()
                .withData(Map.of("k", value))
                .build();
    }
}
