package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.TestApi;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertikube.service.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events on their way to a service over TLS that lets in nobody without a certificate of its authority. */
final class AuditWebhookTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final AuditLimits QUICK =
            AuditLimits.DEFAULT.withWebhook(400, Duration.ofMillis(10), Duration.ofMillis(10));

    private final Certificates authority = Certificates.create("audit", InstantSource.system());
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> callers = new CopyOnWriteArrayList<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    @TempDir
    private Path folder;

    private Vertx vertx;
    private HttpServer service;

    @BeforeEach
    void listen() {
        vertx = Vertx.vertx();
        Certificates.Pair own = authority.server("audit-sink", List.of(), List.of("127.0.0.1"));
        service = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority.authorityPem())))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(own.certificate()))
                                .addKeyValue(Buffer.buffer(own.key()))))
                .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
                .listen()
                .await();
    }

    private void take(HttpServerRequest request, Buffer body) {
        if (refusals.getAndDecrement() > 0) {
            request.response().setStatusCode(503).end();
            return;
        }
        callers.add(request.method() + " " + request.uri() + " " + subject(request));
        Json.tree(body.getBytes()).path("items").forEach(events::add);
        request.response().end();
    }

    private static String subject(HttpServerRequest request) {
        try {
            return ((X509Certificate) request.sslSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    @AfterEach
    void stop() {
        service.close().await();
        vertx.close().await();
    }

    private ApiServerOptions options(Certificates trusted, Certificates.Pair shown) throws IOException {
        Path policy = Files.writeString(
                folder.resolve("policy.yaml"),
                "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n- level: Metadata\n");
        var config = new KubeConfig(
                URI.create("https://127.0.0.1:" + service.actualPort() + "/take/events"),
                trusted.authorityPem(),
                shown.certificate(),
                shown.key(),
                null,
                "default");
        Path webhook = Files.writeString(folder.resolve("webhook.yaml"), config.toYaml());
        return ApiServerOptions.forTests().withAudit(new AuditOptions(policy, "", 0, 0, 0, false, webhook, QUICK));
    }

    private double lost() {
        return meters.get("apiserver.audit.error").counter().count();
    }

    @Test
    void aServiceThatAsksForACertificateGetsTheEventsOfWhomItTrusts() throws IOException {
        refusals.set(1);
        Certificates.Pair own = authority.client("kube-apiserver", List.of("system:masters"));
        try (TestApi api = TestApi.start(options(authority, own), meters)) {
            api.get(MAPS + "/none");
            await().until(() ->
                    events.stream().anyMatch(e -> e.path("requestURI").asText().equals(MAPS + "/none")));
        }
        assertThat(callers)
                .allMatch(caller -> caller.startsWith("POST /take/events "))
                .allMatch(caller -> caller.contains("CN=kube-apiserver"));
        assertThat(lost()).isZero();
        JsonNode event = events.stream()
                .filter(e -> e.path("requestURI").asText().equals(MAPS + "/none"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("stage").asText()).isEqualTo("ResponseComplete");
        assertThat(event.at("/responseStatus/code").asInt()).isEqualTo(404);
    }

    @Test
    void whomTheServiceDoesNotTrustIsNotHeardAndNobodyIsHeldUp() throws IOException {
        Certificates.Pair foreign =
                Certificates.create("else", InstantSource.system()).client("kube-apiserver", List.of());
        try (TestApi api = TestApi.start(options(authority, foreign), meters)) {
            assertThat(api.get(MAPS + "/none").code()).isEqualTo(404);
            await().until(() -> lost() > 0);
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aServiceOfAnotherAuthorityIsToldNothing() throws IOException {
        Certificates.Pair own = authority.client("kube-apiserver", List.of());
        try (TestApi api = TestApi.start(options(Certificates.create("else", InstantSource.system()), own), meters)) {
            assertThat(api.get(MAPS + "/none").code()).isEqualTo(404);
            await().until(() -> lost() > 0);
        }
        assertThat(callers).isEmpty();
    }
}
