package io.vertikube.apiserver.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.WatchStream;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test may rely on: state, identities, faults, and that nothing is left. */
final class TestServerTest {

    @Test
    void aRestartKeepsAddressKeysAndObjects() {
        try (TestServer server = TestServer.start()) {
            ApiClient client = server.client();
            ConfigMap made = create(client, "default", "kept");
            URI before = server.uri();
            server.restart();
            assertThat(server.uri()).isEqualTo(before);
            ConfigMap found = client.of(ConfigMap.class).get("default", "kept");
            assertThat(found.getMetadata().getUid())
                    .isEqualTo(made.getMetadata().getUid());
            assertThat(found.getMetadata().getResourceVersion())
                    .isEqualTo(made.getMetadata().getResourceVersion());
            create(client, "default", "later");
        }
    }

    @Test
    void usersMayDoWhatRolesSay() {
        try (TestServer server = TestServer.start()) {
            String namespace = server.namespace();
            ApiClient jane = server.as("jane", "devs").client();
            assertThatThrownBy(() -> create(jane, namespace, "a"))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("User \"jane\" cannot create resource \"configmaps\"")
                    .hasMessageContaining("in the namespace \"" + namespace + "\"");
            server.client()
                    .raw(
                            "POST",
                            "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings",
                            "application/json",
                            """
                            {"metadata":{"name":"devs"},"subjects":[{"kind":"Group","name":"devs"}],
                             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"}}""".getBytes());
            await().ignoreExceptionsInstanceOf(ApiException.class).until(() -> create(jane, namespace, "a") != null);
            ApiClient account = server.asServiceAccount(namespace, "default").client();
            assertThatThrownBy(() -> account.of(ConfigMap.class).get(namespace, "a"))
                    .hasMessageContaining("system:serviceaccount:" + namespace + ":default");
        }
    }

    @Test
    void faultsHappenAsOftenAsAskedFor() throws InterruptedException {
        try (TestServer server = TestServer.start()) {
            var maps = server.client().of(ConfigMap.class);
            ConfigMap map = create(server.client(), "default", "a");
            server.faults().conflictNextWrites(2);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> maps.update(map))
                        .satisfies(e -> assertThat(((ApiException) e).code()).isEqualTo(409));
            }
            maps.update(map);
            server.faults().failNextRequests(1);
            assertThatThrownBy(() -> maps.get("default", "a"))
                    .satisfies(e -> assertThat(((ApiException) e).code()).isEqualTo(503));
            server.faults().latency(Duration.ofMillis(20));
            assertThat(maps.update(map).getMetadata().getName()).isEqualTo("a");
            server.faults().latency(Duration.ZERO);
            try (WatchStream<ConfigMap> watch = maps.watch("default", ListOptions.all(), Duration.ofMinutes(1))) {
                await().until(() -> server.faults().cutWatches() == 1);
                assertThat(ended(watch)).isTrue();
            }
        }
    }

    @Test
    void theClockMovesOnWhenTold() {
        try (TestServer server = TestServer.start()) {
            server.clock().advance(Duration.ofDays(2));
            ConfigMap map = create(server.client(), "default", "a");
            assertThat(Instant.parse(map.getMetadata().getCreationTimestamp()))
                    .isAfter(Instant.now().plus(Duration.ofDays(1)));
        }
    }

    @Test
    void aServerThatCannotStartSaysWhyAndLeavesNothing() throws IOException {
        List<String> before = threads();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var options = ApiServerOptions.forTests().withPort(taken.getLocalPort());
            assertThatThrownBy(() -> TestServer.start(options))
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
        await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }

    @Test
    void aPartThatDoesNotStartSaysWhyAndEndsWithTheServer() {
        var closed = new ArrayList<String>();
        try (TestServer server = TestServer.start()) {
            server.with(s -> () -> closed.add("first")).with(s -> () -> closed.add("second"));
            assertThatThrownBy(() -> server.with(s -> {
                        throw new IOException("no disk");
                    }))
                    .hasMessageEndingWith("did not start: no disk");
            assertThat(server.client()
                            .of(ConfigMap.class)
                            .list("default", ListOptions.all())
                            .items())
                    .isEmpty();
        }
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void theKubeconfigInAFileIsTheOwnersAlone(@TempDir Path folder) throws IOException {
        try (TestServer server = TestServer.start()) {
            Path file = server.admin().in("mine").kubeconfig(folder.resolve("config"));
            assertThat(Files.readString(file)).contains("server: " + server.uri(), "namespace: mine");
            assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        }
    }

    @Test
    void serversSideBySideShareNothingAndLeaveNoThread() throws Exception {
        List<String> before = threads();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "map-" + i;
                running.add(pool.submit(() -> names(name)));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(running.get(i).get()).containsExactly("map-" + i);
            }
        }
        await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }

    private static List<String> names(String name) {
        try (TestServer server = TestServer.start()) {
            String namespace = server.namespace();
            create(server.client(), namespace, name);
            return server.client().of(ConfigMap.class).list(namespace, ListOptions.all()).items().stream()
                    .map(m -> m.getMetadata().getName())
                    .toList();
        }
    }

    /** Platform threads of this JVM, without those that the JDK keeps for itself and shares among all. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(
                        name -> !name.matches(
                                "ForkJoinPool.*|CompletableFutureDelayScheduler|VirtualThread-.*|.*Cleaner.*"
                                        + "|globalEventExecutor.*|Read-Poller|Write-Poller|awaitility.*|surefire.*|C[12] Compiler.*"))
                .collect(Collectors.toList());
    }

    private static boolean ended(WatchStream<ConfigMap> watch) throws InterruptedException {
        try {
            while (watch.next().isPresent()) {}
            return true;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static ConfigMap create(ApiClient client, String namespace, String name) {
        return client.of(ConfigMap.class)
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .build());
    }
}
