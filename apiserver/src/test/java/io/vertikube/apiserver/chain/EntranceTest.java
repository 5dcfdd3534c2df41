package io.vertikube.apiserver.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Documents;
import io.vertikube.apiserver.front.FrontLimits;
import io.vertikube.apiserver.front.HttpFront;
import io.vertikube.apiserver.front.PeerCertificates;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.resource.StorageFailures;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.service.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener before whose entrance requests wait, asked over TLS. */
final class EntranceTest {
    private static final String LONG_TEXT = "x".repeat(300_000);

    private final Vertx vertx = Vertx.vertx();
    private final Entrance entrance = new Entrance();
    private final CountDownLatch came = new CountDownLatch(2);
    private HttpFront front;
    private HttpClient client;

    @BeforeEach
    void listen() throws Exception {
        Certificates authority = Certificates.create("test", InstantSource.system());
        Certificates.Pair serving = authority.server("test", List.of("localhost"), List.of("127.0.0.1"));
        front = HttpFront.start(
                vertx,
                new HttpFront.Binding("127.0.0.1", 0, serving.certificate(), serving.key()),
                PeerCertificates.of(authority.authorityPem()),
                FrontLimits.DEFAULT,
                1,
                new Documents(new ProtobufCodec(BuiltInSchemas.load())),
                StorageFailures::translate,
                call -> {
                    entrance.accept(call);
                    came.countDown();
                });
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.authorityPem()))),
                new PoolOptions().setHttp1MaxSize(4));
    }

    @AfterEach
    void close() {
        front.close();
        front.close();
        vertx.close().await();
    }

    @Test
    void whoCameEarlyIsLetInWithAllThatWasSent() throws Exception {
        Future<String> first = send(LONG_TEXT);
        Future<String> second = send("short");
        assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(first.isComplete() || second.isComplete()).isFalse();

        entrance.open(EntranceTest::echo);

        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> first.isComplete() && second.isComplete());
        assertThat(first.result()).isEqualTo(LONG_TEXT);
        assertThat(second.result()).isEqualTo("short");
        assertThat(send("late").await()).isEqualTo("late");
    }

    @Test
    void aFailureInsideIsAnswered() {
        Future<String> early = send("early");
        entrance.open(call -> {
            throw new IllegalArgumentException("no");
        });
        assertThat(early.await()).contains("\"code\":500");
    }

    /** What the JVM itself throws, wherever it does: on the loop, with the body, after a turn, on a thread of its own. */
    @Test
    void anErrorInsideIsAnsweredToo() {
        entrance.open(call -> {
            switch (call.query().text("where")) {
                case "loop" -> throw new NoClassDefFoundError("x");
                case "body" ->
                    call.body(body -> {
                        throw new AssertionError("x");
                    });
                case "turn" ->
                    Thread.startVirtualThread(() -> call.onContext(() -> {
                        throw new LinkageError("x");
                    }));
                default ->
                    call.work(() -> {
                        throw new ExceptionInInitializerError("x");
                    });
            }
        });
        for (String where : List.of("loop", "body", "turn", "work")) {
            Future<String> answer = send("/api/v1/namespaces?where=" + where, "text");
            Awaitility.await(where).atMost(Duration.ofSeconds(20)).until(answer::isComplete);
            assertThat(answer.result())
                    .as(where)
                    .contains("\"reason\":\"InternalError\"")
                    .contains("\"code\":500");
        }
    }

    /** A client must not take half an answer for a whole one, nor wait for the rest. */
    @Test
    void anAnswerThatBreaksOffIsSeenToDoSo() {
        entrance.open(call -> {
            call.begin(200, "application/json");
            call.request().response().setChunked(true).write("half");
            call.context()
                    .owner()
                    .setTimer(
                            50,
                            id -> call.onContext(() -> {
                                throw new NoSuchMethodError("x");
                            }));
        });
        Future<String> answer = send("text");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(answer::isComplete);
        assertThat(answer.failed()).isTrue();
    }

    private static void echo(Call call) {
        call.body(body -> call.answer(Answer.text(200, new String(body, StandardCharsets.UTF_8))));
    }

    private Future<String> send(String text) {
        return send("/api/v1/namespaces", text);
    }

    private Future<String> send(String path, String text) {
        return client.request(HttpMethod.POST, front.port(), "localhost", path)
                // The body is waited for where the head arrives: said later, it may have gone by.
                .compose(request -> request.send(Buffer.buffer(text)).compose(HttpClientResponse::body))
                .map(Buffer::toString);
    }
}
