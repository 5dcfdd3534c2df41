package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that keeps one Lease, takes Events, and may stop answering one of those who ask. */
final class LeaderElectorTest {

    private static final LeaderElector.Timings SOON =
            new LeaderElector.Timings(Duration.ofSeconds(4), Duration.ofSeconds(2), Duration.ofMillis(100));

    private final Vertx vertx = Vertx.vertx();
    private final List<String> history = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<Thread> candidates = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private @Nullable ObjectNode lease;
    private int revision;
    private volatile String deafTo = "nobody";

    @BeforeEach
    void start() {
        server = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (!request.getHeader("User-Agent").startsWith(deafTo)) {
                        request.body().onSuccess(body -> answer(request, body.getBytes()));
                    }
                })
                .listen(0, "127.0.0.1")
                .await();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Thread thread : candidates) {
            thread.interrupt();
            thread.join();
        }
        vertx.close().await();
    }

    /** Confined to the server's event loop. */
    private void answer(HttpServerRequest request, byte[] body) {
        if (request.path().endsWith("/events")) {
            events.add(Json.tree(body).path("involvedObject").path("uid").asText() + " "
                    + Json.tree(body).path("reason").asText() + ": "
                    + Json.tree(body).path("message").asText());
            request.response().setStatusCode(201).end(io.vertx.core.buffer.Buffer.buffer(body));
            return;
        }
        if (request.method().name().equals("GET") && lease == null) {
            request.response().setStatusCode(404).end("{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\"}");
            return;
        }
        if (body.length > 0) {
            lease = (ObjectNode) Json.tree(body);
            lease.withObject("/metadata").put("uid", "the-lease").put("resourceVersion", Integer.toString(++revision));
        }
        request.response().end(io.vertx.core.buffer.Buffer.buffer(Json.bytes(lease)));
    }

    private ApiClient client(String name) {
        var address = URI.create("http://127.0.0.1:" + server.actualPort());
        return ApiClient.connect(vertx, new KubeConfig(address, new byte[0], null, null, null, "default"), name);
    }

    private LeaderElector stand(String name, @Nullable EventRecorder recorder) {
        var elector = new LeaderElector(
                client(name), new Leadership(true, "kube-system", "lease", name, SOON), Time.system(), recorder);
        candidates.add(Thread.ofVirtual().start(() -> {
            try {
                elector.run(() -> history.add(name + " leads"), () -> history.add(name + " leads no more"));
            } catch (InterruptedException stopped) {
                history.add(name + " was stopped");
            }
        }));
        return elector;
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(25)).pollInterval(Duration.ofMillis(20));
    }

    /** Its request is still unanswered when it gives up, and only then the Lease is old enough for somebody else. */
    @Test
    void aRenewalThatHangsIsGivenUpBeforeAnotherMayLead() {
        stand("first", null);
        eventually().until(() -> history.contains("first leads"));
        stand("second", null);
        deafTo = "first";
        eventually().until(() -> history.contains("second leads"));
        assertThat(history).containsExactly("first leads", "first leads no more", "second leads");
    }

    @Test
    void whoBeginsAndWhoEndsToLeadIsToldAboutTheLease() {
        try (var recorder = new EventRecorder(client("recorder"), "kube-scheduler", "")) {
            stand("first", recorder);
            eventually().until(() -> events.equals(List.of("the-lease LeaderElection: first became leader")));
            deafTo = "first";
            eventually()
                    .until(() -> events.equals(List.of(
                            "the-lease LeaderElection: first became leader",
                            "the-lease LeaderElection: first stopped leading")));
        }
    }

    @Test
    void aLeaseThatIsGivenBackIsTakenAtOnce() {
        LeaderElector first = stand("first", null);
        eventually().until(() -> history.contains("first leads"));
        stand("second", null);
        first.close();
        eventually().until(() -> history.contains("second leads"));
        assertThat(lease.path("spec").path("leaseTransitions").asInt()).isEqualTo(1);
    }
}
