package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP proxies to pods, Services and nodes, against a small server that plays all of them. */
class ProxyTest {

    private static TestApi api;
    private static HttpServer backend;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        backend = api.vertx()
                .createHttpServer()
                .webSocketHandler(socket -> socket.textMessageHandler(text -> socket.writeTextMessage(text + ", cookie "
                        + socket.headers().get("Cookie") + ", authorization "
                        + socket.headers().get("Authorization") + ", user "
                        + socket.headers().get("X-Remote-User"))))
                .requestHandler(ProxyTest::answer)
                .listen(0, "127.0.0.1")
                .await();
        api.namespace("s");
        int port = backend.actualPort();
        pod("web", "127.0.0.1", port);
        pod("far", "169.254.169.254", port);
        pod("unborn", "", port);
        pod("dead", "127.0.0.1", 1);
        api.post(
                "/api/v1/namespaces/s/services",
                "{\"metadata\":{\"name\":\"svc\"},\"spec\":{\"ports\":[{\"name\":\"http\",\"port\":80},"
                        + "{\"name\":\"other\",\"port\":81}]}}");
        api.post(
                "/api/v1/namespaces/s/services",
                "{\"metadata\":{\"name\":\"lonely\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
    }

    private static void pod(String name, String address, int port) {
        api.post(
                "/api/v1/namespaces/s/pods",
                "{\"metadata\":{\"name\":\"" + name
                        + "\"},\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\",\"ports\":[{\"name\":\"web\",\"containerPort\":" + port + "}]}]}}");
        if (!address.isEmpty()) {
            api.patch(
                    "/api/v1/namespaces/s/pods/" + name + "/status",
                    "merge-patch+json",
                    "{\"status\":{\"podIP\":\"" + address + "\",\"podIPs\":[{\"ip\":\"" + address + "\"}]}}");
        }
    }

    private static void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/page" ->
                request.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .end("<html><a href=\"/next?a=1&amp;b=2\">n</a><a href='rel'>r</a><img src=/i.png>"
                                + "<a href=\"https://elsewhere.test/x\">e</a><a href=\"http://127.0.0.1:"
                                + backend.actualPort() + "/own#f\">o</a><script src=\"/s.js\">var a='<a href=\"/no\">';"
                                + "</SCRIPT><!-- <a href=\"/no\"> --><form action=\"/do\">\u00e4</form></html>");
            case "/moved" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/page")
                        .end();
            case "/away" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "http://169.254.169.254/latest")
                        .end();
            case "/nothing" -> request.response().setStatusCode(204).end();
            case "/hops" ->
                request.response()
                        .putHeader("Connection", "X-Secret-Hop, keep-alive")
                        .putHeader("X-Secret-Hop", "1")
                        .putHeader("X-Kept", "2")
                        .putHeader("Access-Control-Allow-Origin", "*")
                        .putHeader("Set-Cookie", "a=b")
                        .end("hops");
            default ->
                request.body()
                        .onSuccess(body -> request.response()
                                .putHeader(
                                        "X-Seen",
                                        request.headers().names().toString().toLowerCase(java.util.Locale.ROOT))
                                .putHeader("X-Uri", String.valueOf(request.getHeader("X-Forwarded-Uri")))
                                .end(request.method() + " " + request.uri() + " " + body.length()));
        }
    }

    @AfterAll
    static void stop() {
        backend.close().await();
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pods/web/proxy/                  | GET / 0",
                "pods/web/proxy/a/b?c=d&e=f       | GET /a/b?c=d&e=f 0",
                "pods/web/proxy/a%2Fb/%2e%2e/c/   | GET /a%2Fb/%2e%2e/c/ 0",
                "pods/web:web/proxy/x             | GET /x 0",
                "pods/http:web:web/proxy/x        | GET /x 0",
                "pods/:web:PORT/proxy/x           | GET /x 0",
                "pods/web:PORT/proxy/x            | GET /x 0",
            })
    void requestsReachPods(String path, String seen) {
        TestApi.Reply reply = get(path);
        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo(seen);
        assertThat(reply.header("X-Seen")).doesNotContain("authorization").contains("x-forwarded-uri");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void everyMethodCarriesItsBody(String method) {
        TestApi.Reply reply =
                api.send(api.admin(), method, "/api/v1/namespaces/s/pods/web/proxy/m?x=y", "x".repeat(100_000));
        assertThat(reply.code()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo(method + " /m?x=y 100000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pods/far/proxy/            | 400 | address not allowed: 169.254.169.254",
                "pods/unborn/proxy/         | 400 | address not allowed",
                "pods/missing/proxy/        | 404 | pods \"missing\" not found",
                "pods/dead/proxy/           | 503 | error trying to reach service: 127.0.0.1:1",
                "pods/ftp:web:80/proxy/     | 400 | invalid pod request \"ftp:web:80\"",
                "pods/a:b:c:d/proxy/        | 400 | invalid pod request \"a:b:c:d\"",
                "pods/web:99999/proxy/      | 400 | invalid port \"99999\"",
                "services/none/proxy/       | 404 | services \"none\" not found",
                "services/lonely/proxy/     | 503 | no endpoints available for service \"lonely\"",
                "services/svc:https/proxy/  | 503 | no service port \"https\" found for service \"svc\"",
                "services/x:svc:80/proxy/   | 400 | invalid service request \"x:svc:80\"",
            })
    void whatCannotBeReachedIsTold(String path, int code, String sentence) {
        TestApi.Reply reply = get(path);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json().path("kind").asText()).isEqualTo("Status");
        assertThat(reply.json().path("message").asText()).contains(sentence);
    }

    @Test
    void servicesLeadToTheirEndpointsByNameAndNumber() {
        api.post(
                "/apis/discovery.k8s.io/v1/namespaces/s/endpointslices",
                "{\"metadata\":{\"name\":\"svc-1\",\"labels\":{\"kubernetes.io/service-name\":\"svc\"}},"
                        + "\"addressType\":\"FQDN\",\"endpoints\":[{\"addresses\":[\"localhost.test\"]}],"
                        + "\"ports\":[{\"name\":\"http\",\"port\":" + backend.actualPort() + "}]}");
        // A name could resolve to anything later, so it is never followed.
        for (String path : new String[] {"services/svc:http/proxy/", "services/svc:80/proxy/"}) {
            assertThat(get(path).code()).isEqualTo(400);
            assertThat(get(path).json().path("message").asText()).contains("is no IP address");
        }
        assertThat(get("services/svc:81/proxy/").json().path("message").asText())
                .isEqualTo("no endpoints available for service \"svc\"");
    }

    @Test
    void theRootOfAProxyEndsInASlash() {
        TestApi.Reply reply = get("pods/web/proxy?a=b");
        assertThat(reply.code()).isEqualTo(301);
        assertThat(reply.header("Location")).isEqualTo("/api/v1/namespaces/s/pods/web/proxy/?a=b");
        assertThat(api.post("/api/v1/namespaces/s/pods/web/proxy", "x").text()).isEqualTo("POST / 1");
    }

    @Test
    void linksOfPagesLeadThroughTheProxy() {
        String proxy = "/api/v1/namespaces/s/pods/web:web/proxy";
        TestApi.Reply page = api.get(proxy + "/page");
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.text())
                .isEqualTo("<html><a href=\"" + proxy + "/next?a=1&amp;b=2\">n</a><a href='rel'>r</a><img src=" + proxy
                        + "/i.png><a href=\"https://elsewhere.test/x\">e</a><a href=\"" + proxy
                        + "/own#f\">o</a><script src=\"" + proxy
                        + "/s.js\">var a='<a href=\"/no\">';</SCRIPT><!-- <a href=\"/no\"> --><form action=\"" + proxy
                        + "/do\">\u00e4</form></html>");
        TestApi.Reply moved = api.get(proxy + "/moved");
        assertThat(moved.code()).isEqualTo(302);
        assertThat(moved.header("Location")).isEqualTo(proxy + "/page");
        TestApi.Reply away = api.get(proxy + "/away");
        assertThat(away.code()).isEqualTo(302);
        assertThat(away.header("Location")).isEqualTo("http://169.254.169.254/latest");
    }

    @Test
    void headersOfOneConnectionStayOnIt() {
        TestApi.Reply reply = get("pods/web/proxy/hops");
        assertThat(reply.text()).isEqualTo("hops");
        assertThat(reply.header("X-Kept")).isEqualTo("2");
        assertThat(reply.header("Set-Cookie")).isEqualTo("a=b");
        assertThat(reply.header("X-Secret-Hop")).isEmpty();
        assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        TestApi.Reply nothing = get("pods/web/proxy/nothing");
        assertThat(nothing.code()).isEqualTo(204);
        assertThat(nothing.text()).isEmpty();
    }

    @Test
    void webSocketsOfPodsPassWithTheirCookiesAndWithoutCredentials() throws Exception {
        var config = api.server().adminConfig();
        var client = api.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(config.caPem())))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(config.certPem()))
                                .addKeyValue(Buffer.buffer(config.keyPem()))));
        var answer = new CompletableFuture<String>();
        WebSocket socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(api.server().port())
                        .setSsl(true)
                        .addHeader("Cookie", "a=b")
                        .addHeader("X-Remote-User", "root")
                        .setURI("/api/v1/namespaces/s/pods/web/proxy/ws"))
                .await();
        socket.textMessageHandler(answer::complete);
        socket.writeTextMessage("hello");
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("hello, cookie a=b, authorization null, user null");
        socket.close().await();
        client.close().await();
    }

    private static TestApi.Reply get(String path) {
        return api.get("/api/v1/namespaces/s/" + path.replace("PORT", Integer.toString(backend.actualPort())));
    }
}
