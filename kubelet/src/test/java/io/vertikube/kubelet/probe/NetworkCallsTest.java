package io.vertikube.kubelet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.vertikube.kubelet.health.v1.HealthCheckRequest;
import io.vertikube.kubelet.health.v1.HealthCheckResponse;
import io.vertikube.kubelet.health.v1.HealthCheckResponse.ServingStatus;
import io.vertikube.kubelet.health.v1.HealthGrpc;
import io.vertikube.service.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Probes by HTTP, HTTPS, TCP and gRPC against servers that are really there. */
class NetworkCallsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Vertx vertx;
    private static HttpServer http;
    private static HttpServer https;
    private static Server grpc;
    private static NetworkCalls calls;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        http = vertx.createHttpServer()
                .requestHandler(NetworkCallsTest::answer)
                .listen(0, "127.0.0.1")
                .await();
        Certificates.Pair pair =
                Certificates.create("nobody", InstantSource.system()).server("x", List.of("elsewhere"), List.of());
        https = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(pair.certificate()))
                                .addKeyValue(Buffer.buffer(pair.key()))))
                .requestHandler(NetworkCallsTest::answer)
                .listen(0, "127.0.0.1")
                .await();
        grpc = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Health())
                .build()
                .start();
        calls = new NetworkCalls(vertx);
    }

    @AfterAll
    static void stop() {
        calls.close();
        grpc.shutdownNow();
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // path | success | warning | what it says
                "/status/200 | true | false | ''",
                "status/204 | true | false | ''",
                "/status/300 | true | true | Probe terminated redirects, Response body: said 300",
                "/status/400 | false | false | HTTP probe failed with statuscode: 400",
                "/status/503 | false | false | HTTP probe failed with statuscode: 503",
                "/to?/status/200 | true | false | ''",
                "/to?/status/500 | false | false | HTTP probe failed with statuscode: 500",
                "/to?http://elsewhere.test/ | true | true | Probe terminated redirects, Response body: moved",
                "/to?//elsewhere.test/ | true | true | Probe terminated redirects, Response body: moved",
                "/header?x-one=1 | true | false | ''",
                "/header?user-agent=kube-probe/1.32 | true | false | ''",
                "/header?accept=text/plain | true | false | ''",
                "/header?host=named.test | true | false | ''",
                "/header?x-one=2 | false | false | HTTP probe failed with statuscode: 417"
            })
    void answersAreReadAsKubernetesReadsThem(String path, boolean success, boolean warning, String output) {
        assertThat(get("HTTP", path, http.actualPort())).isEqualTo(new ProbeResult(success, warning, output));
    }

    @Test
    void redirectsThatDoNotEndFail() {
        ProbeResult result = get("HTTP", "/loop", http.actualPort());
        assertThat(result.success()).isFalse();
        assertThat(result.output())
                .isEqualTo("Get \"http://127.0.0.1:" + http.actualPort() + "/loop\": stopped after 10 redirects");
    }

    @Test
    void certificatesAreNotChecked() {
        assertThat(get("HTTPS", "/status/200", https.actualPort())).isEqualTo(ProbeResult.ok());
        assertThat(get("HTTP", "/to?https://127.0.0.1:" + https.actualPort() + "/status/200", http.actualPort()))
                .isEqualTo(ProbeResult.ok());
    }

    @Test
    void silenceEndsWithTheTimeout() {
        var action = new HTTPGetActionBuilder()
                .withPath("/silence")
                .withPort(new IntOrString(http.actualPort()))
                .build();
        ProbeResult result = calls.http(action, target(), Duration.ofMillis(300));
        assertThat(result.success()).isFalse();
        assertThat(result.output()).startsWith("Get \"http://127.0.0.1:" + http.actualPort() + "/silence\": ");
    }

    /** What closes without a word has no message of its own either. */
    @Test
    void whoHangsUpIsToldToHave() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket taken = socket.accept()) {
                    taken.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(get("HTTP", "/", socket.getLocalPort()).output())
                    .startsWith("Get \"http://127.0.0.1:" + socket.getLocalPort() + "/\": ")
                    .doesNotContain("null", "Exception");
        }
    }

    @ParameterizedTest
    @MethodSource("problems")
    void problemsHaveWordsThatPeopleKnow(Exception problem, String dialing, String asking) {
        assertThat(ConnectionProblem.dialing("10.0.0.1", 80, problem)).isEqualTo("dial tcp 10.0.0.1:80: " + dialing);
        assertThat(ConnectionProblem.asking("10.0.0.1", 80, problem)).isEqualTo(asking);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                Arguments.of(
                        new ConnectException("Connection refused"),
                        "connect: connection refused",
                        "dial tcp 10.0.0.1:80: connect: connection refused"),
                Arguments.of(
                        new NoRouteToHostException("No route to host"),
                        "connect: no route to host",
                        "dial tcp 10.0.0.1:80: connect: no route to host"),
                Arguments.of(
                        new SocketTimeoutException("Connect timed out"), "i/o timeout", "context deadline exceeded"),
                Arguments.of(new IOException("odd"), "odd", "odd"),
                Arguments.of(new ClosedChannelException(), "java.nio.channels.ClosedChannelException", "EOF"));
    }

    @Test
    void portsHaveNames() throws Exception {
        assertThat(calls.tcp(new TCPSocketAction(null, new IntOrString("web")), target(), PATIENCE))
                .isEqualTo(ProbeResult.ok());
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThat(calls.tcp(new TCPSocketAction(null, new IntOrString(closed)), target(), PATIENCE))
                .extracting(ProbeResult::success, ProbeResult::output)
                .containsExactly(false, "dial tcp 127.0.0.1:" + closed + ": connect: connection refused");
        assertThat(get("HTTP", "/status/200", closed).output())
                .isEqualTo("Get \"http://127.0.0.1:%d/status/200\": dial tcp 127.0.0.1:%d: connect: connection refused"
                        .formatted(closed, closed));
    }

    @ParameterizedTest
    @CsvSource({"'', true, ''", "up, true, ''", "down, false, 'service unhealthy (responded with \"NOT_SERVING\")'"})
    void healthServicesAreAskedByName(String service, boolean success, String output) {
        assertThat(calls.grpc(new GRPCAction(grpc.getPort(), service), target(), PATIENCE))
                .isEqualTo(new ProbeResult(success, false, output));
    }

    @Test
    void serviceThatTheServerDoesNotKnowIsNotHealthy() {
        ProbeResult result = calls.grpc(new GRPCAction(grpc.getPort(), "what"), target(), PATIENCE);
        assertThat(result.success()).isFalse();
        assertThat(result.output()).contains("health rpc probe failed").contains("NOT_FOUND");
    }

    private static ProbeResult get(String scheme, String path, int port) {
        var action = new HTTPGetActionBuilder()
                .withScheme(scheme)
                .withPath(path)
                .withPort(new IntOrString(port))
                .addNewHttpHeader("X-One", "1")
                .addNewHttpHeader("Accept", "text/plain")
                .addNewHttpHeader("Host", "named.test")
                .build();
        return calls.http(action, target(), PATIENCE);
    }

    private static ProbeTarget target() {
        Container container = new ContainerBuilder()
                .withName("main")
                .addNewPort()
                .withName("web")
                .withContainerPort(http.actualPort())
                .endPort()
                .build();
        return new ProbeTarget("id", container, "127.0.0.1");
    }

    private static void answer(HttpServerRequest request) {
        String query = request.query() == null ? "" : request.query();
        switch (request.path()) {
            case "/silence" -> {}
            case "/loop" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/loop")
                        .end();
            case "/to" ->
                request.response()
                        .setStatusCode(301)
                        .putHeader("Location", query)
                        .end("moved");
            case "/header" -> {
                String[] wanted = query.split("=", 2);
                boolean same = Map.of(wanted[0], wanted[1])
                        .equals(Map.of(
                                wanted[0], String.join(",", request.headers().getAll(wanted[0]))));
                request.response().setStatusCode(same ? 200 : 417).end();
            }
            default -> {
                int code = Integer.parseInt(request.path().substring("/status/".length()));
                request.response().setStatusCode(code).end(code == 204 ? "" : "said " + code);
            }
        }
    }

    /** A health service as the gRPC health checking protocol has it. */
    private static final class Health extends HealthGrpc.HealthImplBase {
        @Override
        public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
            if (request.getService().equals("what")) {
                answer.onError(
                        Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
                return;
            }
            ServingStatus status =
                    request.getService().equals("down") ? ServingStatus.NOT_SERVING : ServingStatus.SERVING;
            answer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
            answer.onCompleted();
        }
    }
}
