package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.Limits;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.chain.InFlight;
import io.vertikube.apiserver.chain.RequestChain;
import io.vertikube.apiserver.chain.RequestMeters;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Documents;
import io.vertikube.apiserver.front.HttpFront;
import io.vertikube.apiserver.front.PeerCertificates;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.resource.StorageFailures;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Json;
import io.vertikube.service.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of requests that break in a way nobody expected, before and beside their answer. */
final class AuditPanicTest {

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    /** Held here: Vert.x closes a client that nobody holds, whatever it is still doing. */
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));

    /** Breaks as the object's name says. */
    private static void serve(Call call) {
        switch (call.info().name()) {
            case "loop" -> throw new IllegalStateException("broken on the event loop");
            case "aside" ->
                call.work(() -> {
                    throw new AssertionError("broken on a thread");
                });
            default -> throw ApiErrors.internal("expected");
        }
    }

    @Test
    void whatBreaksIsToldAsPanicAndAnsweredAllTheSame() throws Exception {
        var options = new AuditOptions(
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n"),
                folder.resolve("audit.log").toString(),
                0,
                0,
                0,
                false,
                null,
                AuditLimits.DEFAULT);
        Certificates authority = Certificates.create("test", InstantSource.system());
        Certificates.Pair own = authority.server("kube-apiserver", List.of(), List.of("127.0.0.1"));
        PeerCertificates peers = PeerCertificates.of(authority.authorityPem());
        var protobuf = new ProtobufCodec(BuiltInSchemas.load());
        var meters = new SimpleMeterRegistry();
        try (Audit audit = Audit.open(options, vertx, protobuf, InstantSource.system(), meters);
                HttpFront front = HttpFront.start(
                        vertx,
                        new HttpFront.Binding("127.0.0.1", 0, own.certificate(), own.key()),
                        peers,
                        Limits.defaults().front(),
                        1,
                        new Documents(protobuf),
                        StorageFailures::translate,
                        new RequestChain(
                                credentials -> Optional.of(UserInfo.of("jane", "system:authenticated")),
                                attributes -> new Decision.Allow(""),
                                peers,
                                InFlight.unlimited(),
                                (call, next) -> next.accept(call),
                                audit,
                                new RequestMeters(meters, info -> true),
                                AuditPanicTest::serve))) {
            for (String name : List.of("loop", "aside", "expected")) {
                assertThat(ask(front.port(), name)).isEqualTo(500);
            }
        } finally {
            vertx.close().await();
        }
        assertThat(events())
                .containsExactlyInAnyOrder(
                        "RequestReceived loop ",
                        "Panic loop Failure InternalError 500 Internal error occurred: broken on the event loop",
                        "RequestReceived aside ",
                        "Panic aside Failure InternalError 500 Internal error occurred: broken on a thread",
                        "RequestReceived expected ",
                        "ResponseComplete expected Failure InternalError 500 Internal error occurred: expected");
    }

    private int ask(int port, String name) {
        return client.request(HttpMethod.GET, port, "127.0.0.1", "/api/v1/nodes/" + name)
                .compose(request -> request.send())
                .map(HttpClientResponse::statusCode)
                .await();
    }

    private List<String> events() throws IOException {
        var events = new ArrayList<String>();
        for (String line : Files.readAllLines(folder.resolve("audit.log"))) {
            JsonNode event = Json.tree(line.getBytes(StandardCharsets.UTF_8));
            JsonNode status = event.path("responseStatus");
            String outcome = status.isMissingNode()
                    ? ""
                    : String.join(
                            " ",
                            status.path("status").asText(),
                            status.path("reason").asText(),
                            status.path("code").asText(),
                            status.path("message").asText());
            events.add(event.path("stage").asText() + " "
                    + event.at("/objectRef/name").asText() + " " + outcome);
        }
        return events;
    }
}
