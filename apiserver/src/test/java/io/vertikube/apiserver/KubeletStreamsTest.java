package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs, exec and proxies against a kubelet that behaves, and one that does not. */
@Timeout(30)
class KubeletStreamsTest {

    private static final ConcurrentLinkedQueue<String> ASKED = new ConcurrentLinkedQueue<>();
    /** Held, because a client that is collected closes its connections. */
    private static final List<Object> CLIENTS = new ArrayList<>();

    private static TestApi api;
    private static HttpServer kubelet;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start();
        // The test's kubelet shows a certificate of the same authority, as a joined node does.
        Certificates.Pair serving = api.server().sign("system:node:n", List.of("127.0.0.1"));
        kubelet = api.vertx()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertValue(
                                        Buffer.buffer(api.server().adminConfig().caPem())))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(serving.certificate()))
                                .addKeyValue(Buffer.buffer(serving.key())))
                        .setMaxWebSocketFrameSize(1 << 20)
                        .setMaxWebSocketMessageSize(1 << 20)
                        .addWebSocketSubProtocol("v5.channel.k8s.io"))
                .webSocketHandler(socket -> {
                    ASKED.add(socket.uri());
                    socket.binaryMessageHandler(socket::writeBinaryMessage);
                })
                .webSocketHandshakeHandler(handshake -> {
                    if (handshake.path().contains("/redirected/")) {
                        handshake.reject(302);
                    } else if (handshake.path().contains("/refused/")) {
                        handshake.reject(404);
                    } else {
                        handshake.accept();
                    }
                })
                .requestHandler(KubeletStreamsTest::answer)
                .listen(0, "127.0.0.1")
                .await();
        api.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"n\"}}");
        api.patch(
                "/api/v1/nodes/n/status",
                "merge-patch+json",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + kubelet.actualPort() + "}}}}");
        api.namespace("s");
        for (String pod : List.of("p", "refused", "redirected", "spdy")) {
            api.post(
                    "/api/v1/namespaces/s/pods",
                    "{\"metadata\":{\"name\":\"" + pod
                            + "\"},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        }
    }

    private static void answer(HttpServerRequest request) {
        ASKED.add(request.uri());
        String path = request.path();
        if (path.startsWith("/containerLogs/s/refused/")) {
            request.response().setStatusCode(400).end("container \"c\" in pod \"refused\" is waiting to start");
        } else if (path.startsWith("/containerLogs/")) {
            request.response().setChunked(true).write("one\n");
            request.response().end("two\n");
        } else if (path.startsWith("/exec/s/spdy/")) {
            spdy(request);
        } else {
            request.body()
                    .onSuccess(body -> request.response()
                            .putHeader("X-Seen", String.valueOf(request.getHeader("Authorization")))
                            .end(request.method() + " " + request.uri() + " " + body));
        }
    }

    private static void spdy(HttpServerRequest request) {
        var connection = (io.vertx.core.http.impl.Http1xServerConnection) request.connection();
        connection.netSocket().onSuccess(socket -> {
            socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                    + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nhello ");
            socket.handler(socket::write);
        });
    }

    @AfterAll
    static void stop() {
        kubelet.close().await();
        api.close();
    }

    @Test
    void logsAreStreamedWithTheirOptions() {
        TestApi.Reply log = api.get("/api/v1/namespaces/s/pods/p/log?follow=true&tailLines=5&container=c");
        assertThat(log.text()).isEqualTo("one\ntwo\n");
        assertThat(log.header("Content-Type")).startsWith("text/plain");
        assertThat(ASKED).contains("/containerLogs/s/p/c?follow=true&tailLines=5");
        assertThat(api.get("/api/v1/namespaces/s/pods/p/log?container=z")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("container z is not valid for pod p");
    }

    @Test
    void logsComeOverWebSocketsToo() throws Exception {
        for (String protocol : List.of("binary.k8s.io", "base64.binary.k8s.io")) {
            var received = Buffer.buffer();
            var closed = new CompletableFuture<String>();
            WebSocket socket = webSocket("/api/v1/namespaces/s/pods/p/log?follow=true", protocol, opened -> {
                        opened.binaryMessageHandler(received::appendBuffer);
                        opened.textMessageHandler(text -> received.appendBytes(
                                java.util.Base64.getDecoder().decode(text)));
                        opened.closeHandler(v -> closed.complete(received.toString()));
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(socket.subProtocol()).isEqualTo(protocol);
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo("one\ntwo\n");
        }
        assertThat(webSocket("/api/v1/namespaces/s/pods/refused/log", "binary.k8s.io", socket -> {}))
                .failsWithin(java.time.Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        e -> assertThat(e.getStatus()).isEqualTo(400));
    }

    @Test
    void whatTheKubeletRefusesIsTold() {
        TestApi.Reply reply = api.get("/api/v1/namespaces/s/pods/refused/log");
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).contains("is waiting to start");
    }

    @Test
    void execOverWebSocketIsATunnel() throws Exception {
        var echoed = new CompletableFuture<Buffer>();
        WebSocket socket = webSocket("/api/v1/namespaces/s/pods/p/exec?command=sh&command=-c&stdin=true&stdout=true")
                .get(10, TimeUnit.SECONDS);
        assertThat(socket.subProtocol()).isEqualTo("v5.channel.k8s.io");
        socket.binaryMessageHandler(echoed::complete);
        socket.writeBinaryMessage(Buffer.buffer(new byte[200_000]));
        assertThat(echoed.get(10, TimeUnit.SECONDS).length()).isEqualTo(200_000);
        socket.close().await();
        assertThat(ASKED).contains("/exec/s/p/c?input=1&output=1&command=sh&command=-c");
    }

    @Test
    void onlySwitchingProtocolsOpensTheTunnel() {
        for (String pod : List.of("redirected", "refused")) {
            CompletableFuture<WebSocket> refused =
                    webSocket("/api/v1/namespaces/s/pods/" + pod + "/exec?command=sh&stdout=true");
            assertThat(refused)
                    .failsWithin(java.time.Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            UpgradeRejectedException.class,
                            e -> assertThat(e.getStatus()).isEqualTo(pod.equals("refused") ? 404 : 502));
        }
    }

    @Test
    void execOverSpdyIsATunnelFromPost() throws Exception {
        KubeConfig config = api.server().adminConfig();
        var client = api.vertx()
                .createNetClient(new NetClientOptions()
                        .setSsl(true)
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(config.caPem())))
                        .setKeyCertOptions(key(config)));
        CLIENTS.add(client);
        NetSocket socket = client.connect(api.server().port(), "127.0.0.1").await();
        var received = Buffer.buffer();
        var complete = new CompletableFuture<String>();
        socket.handler(bytes -> {
            received.appendBuffer(bytes);
            String text = received.toString();
            if (text.endsWith("hello ")) {
                socket.write("world");
            } else if (text.endsWith("world")) {
                complete.complete(text);
            }
        });
        socket.write("POST /api/v1/namespaces/s/pods/spdy/exec?command=sh&stdout=true HTTP/1.1\r\nHost: x\r\n"
                + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nAuthorization: Bearer secret\r\n"
                + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\nContent-Length: 0\r\n\r\n");
        String text;
        try {
            text = complete.get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("only this arrived: " + received, e);
        }
        assertThat(text)
                .startsWith("HTTP/1.1 101 ")
                .contains("x-stream-protocol-version: v4.channel.k8s.io")
                .endsWith("hello world");
        socket.close().await();
    }

    @Test
    void anExecWithoutUpgradeIsRefused() {
        TestApi.Reply reply = api.post("/api/v1/namespaces/s/pods/p/exec?command=sh", "");
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).isEqualTo("Upgrade request required");
    }

    @Test
    void aNodesProxyReadsButRunsNothing() {
        TestApi.Reply reply = api.get("/api/v1/nodes/n/proxy/stats/summary?a=b");
        assertThat(reply.text()).isEqualTo("GET /stats/summary?a=b ");
        assertThat(api.get("/api/v1/nodes/n/proxy/exec/s/p/c?command=sh").code())
                .isEqualTo(403);
        assertThat(api.get("/api/v1/nodes/n/proxy/%65xec/s/p/c?command=sh").code())
                .isEqualTo(403);
    }

    private static CompletableFuture<WebSocket> webSocket(String uri) {
        return webSocket(uri, "v5.channel.k8s.io", socket -> {});
    }

    /** {@code opened} runs before anything arrives. */
    private static CompletableFuture<WebSocket> webSocket(
            String uri, String protocol, java.util.function.Consumer<WebSocket> opened) {
        KubeConfig config = api.server().adminConfig();
        var client = api.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setSsl(true)
                        .setMaxMessageSize(1 << 20)
                        .setMaxFrameSize(1 << 20)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(config.caPem())))
                        .setKeyCertOptions(key(config)));
        CLIENTS.add(client);
        return client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(api.server().port())
                        .setSsl(true)
                        .setURI(uri)
                        .addSubProtocol(protocol))
                .onSuccess(opened::accept)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static PemKeyCertOptions key(KubeConfig config) {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(config.certPem()))
                .addKeyValue(Buffer.buffer(config.keyPem()));
    }
}
