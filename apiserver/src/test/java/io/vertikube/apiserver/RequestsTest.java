package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.front.FrontLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP itself: methods, paths, bodies, and clients that are slow. */
@Timeout(60)
class RequestsTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP = "{\"metadata\":{\"generateName\":\"m-\"}}";
    private static TestApi api;

    @BeforeAll
    static void start() {
        var limits = Limits.defaults()
                .withFront(FrontLimits.DEFAULT.withPatience(
                        Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(2)));
        api = TestApi.start(ApiServerOptions.forTests().withLimits(limits));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HEAD    | /api/v1/namespaces/default/pods          | 405 | DELETE, GET, POST
            OPTIONS | /api/v1/namespaces/default/pods          | 405 | DELETE, GET, POST
            PUT     | /api/v1/namespaces/default/pods          | 405 | DELETE, GET, POST
            POST    | /api/v1/namespaces/default/pods/p        | 405 | DELETE, GET, PATCH, PUT
            HEAD    | /api/v1/namespaces/default/pods/p        | 405 | DELETE, GET, PATCH, PUT
            DELETE  | /api/v1/namespaces                       | 405 | GET, POST
            DELETE  | /api/v1/namespaces/default/pods/p/status | 405 | GET, PATCH, PUT
            GET     | /api/v1/namespaces/default/pods/p/binding | 405 | POST
            GET     | /api/v1/namespaces/default/bindings      | 405 | POST
            DELETE  | /apis                                    | 405 | GET
            TRACE   | /api/v1/namespaces                       | 405 | ''
            GET     | /api/v1/namespaces/default/pods/         | 200 | ''
            GET     | /api/v1/                                 | 200 | ''
            GET     | /apis/apps/v1/                           | 200 | ''
            GET     | /api//v1//namespaces/default/pods        | 200 | ''
            GET     | /api/v1/namespaces/default/pods/%2e%2e   | 404 | ''
            GET     | /api/v1/namespaces/default/pods/a%2Fb    | 404 | ''
            GET     | /api/v1/namespaces/default/pods/%zz      | 400 | ''
            GET     | /api/v1/namespaces/%64efault/pods        | 200 | ''
            GET     | /api/v1/namespaces/default/pods/p/log/x  | 404 | ''
            GET     | /api/v2/pods                             | 404 | ''
            GET     | /apis/apps/v1/pods                       | 404 | ''
            GET     | /nothing                                 | 404 | ''
            """)
    void methodsAndPaths(String method, String path, int code, String allow) throws IOException {
        // Written by hand, because clients tidy up what they send.
        String answer = raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + code + " ");
        if (!allow.isEmpty()) {
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .contains("allow: " + allow.toLowerCase(java.util.Locale.ROOT) + "\r\n");
        }
        if (code >= 400 && !method.equals("HEAD")) {
            assertThat(answer).contains("\"kind\":\"Status\"");
        }
    }

    @Test
    void aBodyInChunksAndOneThatWaitsToBeAskedFor() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(api.server().uri() + MAPS))
                    .version(version)
                    .expectContinue(version == HttpClient.Version.HTTP_1_1)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(MAP.getBytes(StandardCharsets.UTF_8))))
                    .build();
            HttpResponse<String> response = api.admin().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            assertThat(response.version()).isEqualTo(version);
        }
    }

    @Test
    void aBodyOnAReadIsPassedOver() {
        TestApi.Reply reply = api.send(api.admin(), "GET", MAPS, "{\"any\":\"thing\"}");
        assertThat(reply.code()).isEqualTo(200);
        assertThat(api.get(MAPS).code()).isEqualTo(200);
    }

    @Test
    void bothVersionsOfHttpSayTheSame() throws Exception {
        for (String path : List.of(MAPS, MAPS + "/none", "/api", "/version", "/openapi/v3")) {
            var answers = new java.util.LinkedHashSet<String>();
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> response = api.admin()
                        .send(
                                HttpRequest.newBuilder(URI.create(api.server().uri() + path))
                                        .version(version)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                answers.add(response.statusCode() + " "
                        + response.headers().firstValue("Content-Type").orElse("") + " " + response.body());
            }
            assertThat(answers).hasSize(1);
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write("GET /api HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void theClientChoosesTheSuite() throws IOException {
        assertThat(suite("TLSv1.3", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"))
                .isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThat(suite("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"))
                .isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
        assertThat(suite(
                        "TLSv1.2",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .endsWith("_WITH_CHACHA20_POLY1305_SHA256");
    }

    /** What a client gets that offers these. */
    private static String suite(String version, String... offered) throws IOException {
        try (SSLSocket socket = connect()) {
            socket.setEnabledProtocols(new String[] {version});
            socket.setEnabledCipherSuites(offered);
            return socket.getSession().getCipherSuite();
        }
    }

    @Test
    void aConnectionThatIsDoneIsClosed() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            assertThat(text(socket.getInputStream())).endsWith("ok");
        }
    }

    @Test
    void aBodyThatNeverComesIsNotWaitedFor() throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST " + MAPS + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            assertThat(text(socket.getInputStream()))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("request did not complete within the allotted timeout");
        }
    }

    @Test
    void aWatchMayLast() {
        try (var lines = api.lines(MAPS + "?watch=true&timeoutSeconds=6&allowWatchBookmarks=true")) {
            assertThat(lines.toList().getLast()).contains("BOOKMARK");
        }
    }

    private static String raw(String request) throws IOException {
        try (SSLSocket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return text(socket.getInputStream());
        }
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static SSLSocket connect() throws IOException {
        var socket = (SSLSocket) api.admin()
                .sslContext()
                .getSocketFactory()
                .createSocket("127.0.0.1", api.server().port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Forms of patches are none of objects, which a patch sent with the wrong method would be taken for. */
    @Test
    void aPatchIsNoNewObject() {
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"patched\"}}";
        for (String type : List.of("apply-patch+yaml", "merge-patch+json", "json-patch+json")) {
            assertThat(api.post("/api/v1/namespaces", body, "Content-Type", "application/" + type)
                            .code())
                    .as(type)
                    .isEqualTo(415);
        }
    }

    @Test
    void whatIsAppliedUnderAnotherIdentityAndIsNotThereIsAConflict() {
        TestApi.Reply reply = api.patch(
                "/api/v1/namespaces/gone?fieldManager=a",
                "apply-patch+yaml",
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"gone\",\"uid\":\"u\"}}");
        assertThat(reply.code()).isEqualTo(409);
        assertThat(reply.json().path("message").asText())
                .isEqualTo("Operation cannot be fulfilled on namespaces \"gone\": uid mismatch: the provided object"
                        + " specified uid u, and no existing object was found");
    }

    @Test
    void aTokenIsForTheAccountOfThePath() {
        api.namespace("tokens");
        String accounts = "/api/v1/namespaces/tokens/serviceaccounts";
        api.post(accounts, "{\"metadata\":{\"name\":\"one\"}}");
        TestApi.Reply reply = api.post(accounts + "/one/token", "{\"metadata\":{\"name\":\"two\"},\"spec\":{}}");
        assertThat(reply.code()).isEqualTo(422);
        assertThat(reply.json().path("message").asText())
                .endsWith("metadata.name: Invalid value: \"two\": must match the service account name if specified");
    }

    /** A manifest that was read before the object was made anew is taken; nobody else says when an object goes. */
    @Test
    void theServersTimesAreTheServers() {
        String path = "/api/v1/namespaces/timed";
        api.namespace("timed");
        TestApi.Reply older =
                api.patch(path, "merge-patch+json", "{\"metadata\":{\"creationTimestamp\":\"2020-01-01T00:00:00Z\"}}");
        assertThat(older.code()).as(older.text()).isEqualTo(200);
        assertThat(older.json().at("/metadata/creationTimestamp").asText()).doesNotStartWith("2020");
        TestApi.Reply gone =
                api.patch(path, "merge-patch+json", "{\"metadata\":{\"deletionTimestamp\":\"2020-01-01T00:00:00Z\"}}");
        assertThat(gone.code()).isEqualTo(422);
        assertThat(gone.json().path("message").asText())
                .isEqualTo("Namespace \"timed\" is invalid: metadata.deletionTimestamp: Invalid value:"
                        + " \"2020-01-01T00:00:00Z\": field is immutable");
    }
}
