package io.vertikube.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.vertikube.object.ApiException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a plain server that answers at once, which is when a late reader misses the body. */
final class ApiClientTest {

    private static final String BODY = "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + "x".repeat(3000) + "\"}}";

    /** Quantities are read by way of a tree, which a parser has to be able to make. */
    private static final String NODE =
            "{\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"},\"status\":{\"allocatable\":{\"cpu\":\"2\"}}}";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger busy = new AtomicInteger();
    private final CountDownLatch stuck = new CountDownLatch(16);
    private HttpServer server;
    private ApiClient client;

    @BeforeEach
    void start() {
        server = vertx.createHttpServer()
                .requestHandler(request -> {
                    switch (request.path()) {
                        case "/missing" ->
                            request.response()
                                    .setStatusCode(404)
                                    .end(
                                            "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\",\"message\":\"gone\"}");
                        case "/busy" -> {
                            boolean first = busy.getAndIncrement() == 0;
                            request.response()
                                    .setStatusCode(first ? 429 : 200)
                                    .putHeader("Retry-After", "0")
                                    .end(BODY);
                        }
                        case "/api/v1/namespaces/n/pods/told/status" ->
                            request.response()
                                    .end(
                                            "{\"kind\":\"Pod\",\"spec\":{\"resourceVersion\":\"no\"},\"metadata\":{\"annotations\":"
                                                    + "{\"resourceVersion\":\"no\"},\"resourceVersion\":\"42\"},\"status\":{}}");
                        case "/api/v1/nodes" ->
                            request.response()
                                    .end(
                                            "true".equals(request.getParam("watch"))
                                                    ? "{\"type\":\"ADDED\",\"object\":" + NODE + "}\n"
                                                    : "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[" + NODE
                                                            + "]}");
                        case "/never" -> stuck.countDown();
                        case "/slow" ->
                            vertx.setTimer(5_500, v -> request.response().end(BODY));
                        case "/plain" -> request.response().setStatusCode(502).end("bad gateway");
                        default -> request.response().end(BODY);
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
        client = ApiClient.connect(
                vertx,
                new KubeConfig(
                        URI.create("http://127.0.0.1:" + server.actualPort()),
                        new byte[0],
                        null,
                        null,
                        null,
                        "default"));
    }

    @AfterEach
    void stop() {
        client.close();
        vertx.close().await();
    }

    @Test
    void noBodyIsLostHoweverManyAskAtOnce() throws InterruptedException {
        var lost = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 200; n++) {
                    if (client.raw("GET", "/x", null, null).length != BODY.length()) {
                        lost.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(lost.get()).isZero();
    }

    /** It takes longer than a connection may, and is none. */
    @Test
    void whoHasToWaitForAConnectionIsAnswered() throws Exception {
        List<Future<byte[]>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                answers.add(callers.submit(() -> client.raw("GET", "/slow", null, null)));
            }
            Thread.sleep(100);
            answers.add(callers.submit(() -> client.raw("GET", "/x", null, null)));
            for (Future<byte[]> answer : answers) {
                assertThat(answer.get()).hasSize(BODY.length());
            }
        }
    }

    @Test
    void refusalsCarryTheStatus() {
        assertThatThrownBy(() -> client.raw("GET", "/missing", null, null))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.isNotFound()).isTrue())
                .hasMessage("gone");
        assertThatThrownBy(() -> client.raw("GET", "/plain", null, null))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(502))
                .hasMessage("bad gateway");
    }

    @Test
    void aWrittenStatusAnswersWithItsRevision() {
        var pods = client.of(Pod.class);
        assertThat(pods.writeStatus(pod("told"))).isEqualTo("42");
        assertThatThrownBy(() -> pods.writeStatus(pod("untold")))
                .hasStackTraceContaining("a Pod without a resourceVersion");
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("n")
                .withName(name)
                .endMetadata()
                .build();
    }

    @Test
    void listsAndWatchesReadWhatASingleObjectMayHave() throws InterruptedException {
        var nodes = client.of(Node.class);
        assertThat(nodes.list("", ListOptions.all()).items())
                .extracting(node -> node.getStatus().getAllocatable().get("cpu").toString())
                .containsExactly("2");
        try (WatchStream<Node> watch = nodes.watch("", ListOptions.all(), Duration.ofMinutes(1))) {
            assertThat(watch.next().orElseThrow().object().getStatus().getAllocatable())
                    .containsKey("cpu");
        }
    }

    @Test
    void tooManyRequestsIsTriedAgain() {
        assertThat(client.raw("GET", "/busy", null, null)).hasSize(BODY.length());
        assertThat(busy.get()).isEqualTo(2);
    }

    @Test
    void aSignOfLifeGetsThroughWhereAllOtherCallsHang() throws InterruptedException {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    client.raw("GET", "/never", null, null);
                } catch (UnreachableException closed) {
                    assertThat(closed).isNotNull();
                }
            }));
        }
        stuck.await();
        try (ApiClient apart = client.apart(Duration.ofMillis(200))) {
            assertThat(apart.raw("GET", "/x", null, null)).hasSize(BODY.length());
            assertThatThrownBy(() -> apart.raw("GET", "/never", null, null)).isInstanceOf(UnreachableException.class);
        }
        client.close();
        for (Thread caller : callers) {
            caller.join();
        }
    }

    @Test
    void aServerThatIsGoneIsUnreachable() {
        server.close().await();
        assertThatThrownBy(() -> client.raw("GET", "/x", null, null)).isInstanceOf(UnreachableException.class);
    }
}
