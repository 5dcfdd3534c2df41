package io.vertikube.apiserver.admission.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import io.vertikube.object.Json;
import io.vertikube.service.Certificates;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.Yaml;

/** Webhooks over real HTTPS that remember what they were asked and answer as a test says. */
final class TestHooks implements AutoCloseable {

    private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";

    private final TestApi api;
    private final HttpServer server;
    private final String authority;
    private final Map<String, Queue<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<JsonNode, ObjectNode>> answers = new ConcurrentHashMap<>();

    TestHooks(TestApi api) {
        this.api = api;
        Certificates ca = Certificates.create("webhooks", InstantSource.system());
        Certificates.Pair own = ca.server("webhook", List.of(), List.of("127.0.0.1"));
        authority = Base64.getEncoder().encodeToString(ca.authorityPem());
        server = api.vertx()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(own.certificate()))
                                .addKeyValue(Buffer.buffer(own.key()))))
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Buffer.buffer(answer(request.path().substring(1), body.getBytes())))))
                .listen()
                .await();
    }

    private byte[] answer(String hook, byte[] body) {
        JsonNode review = Json.tree(body);
        JsonNode request = review.path("request");
        asked(hook).add(request);
        ObjectNode answer =
                Json.MAPPER.createObjectNode().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
        ObjectNode response = answer.putObject("response");
        response.put("uid", request.path("uid").asText()).put("allowed", true);
        answers.getOrDefault(hook, (question, fields) -> {}).accept(request, response);
        return Json.bytes(answer);
    }

    /** What a hook was asked, in order. */
    Queue<JsonNode> asked(String hook) {
        return asked.computeIfAbsent(hook, name -> new ConcurrentLinkedQueue<>());
    }

    /** How a hook answers: gets the question, and the response to change. */
    void answer(String hook, BiConsumer<JsonNode, ObjectNode> answer) {
        answers.put(hook, answer);
    }

    /** A hook that answers with a patch. */
    void patch(String hook, String patch) {
        answer(
                hook,
                (question, response) -> response.put("patchType", "JSONPatch")
                        .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * A configuration with one hook for a namespace.
     *
     * @param more fields of the hook in YAML, {@code rules} among them
     */
    Reply configure(String kind, String hook, String namespace, String more) {
        ObjectNode webhook = (ObjectNode) yaml("""
            name: %s.example.com
            sideEffects: None
            admissionReviewVersions: [v1]
            timeoutSeconds: 5
            clientConfig: {url: 'https://127.0.0.1:%d/%s', caBundle: %s}
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
            """.formatted(hook, server.actualPort(), hook, authority, namespace));
        webhook.setAll((ObjectNode) yaml(more));
        ObjectNode configuration = (ObjectNode) yaml("metadata: {name: " + hook + "}");
        configuration.put("apiVersion", "admissionregistration.k8s.io/v1").put("kind", kind);
        configuration.putArray("webhooks").add(webhook);
        return api.post(CONFIGURATIONS + kind.toLowerCase(java.util.Locale.ROOT) + "s", configuration.toString());
    }

    /** The same, which has to be taken. */
    void install(String kind, String hook, String namespace, String more) {
        Reply made = configure(kind, hook, namespace, more);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    static JsonNode yaml(String text) {
        return Json.MAPPER.valueToTree(new Yaml().load(text));
    }

    @Override
    public void close() {
        server.close().await();
    }
}
