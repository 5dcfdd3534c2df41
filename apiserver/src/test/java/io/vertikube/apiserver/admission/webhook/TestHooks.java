package io.vertikube.apiserver.admission.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/** Webhooks over real HTTPS that remember what they were asked and answer as a test says. */
final class TestHooks implements AutoCloseable {

    private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";

    private final TestApi api;
    private final HookServer server;
    private final Map<String, Queue<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<JsonNode, ObjectNode>> answers = new ConcurrentHashMap<>();

    TestHooks(TestApi api) {
        this.api = api;
        server = new HookServer(api, (path, body) -> answer(path.substring(1), body));
    }

    private byte[] answer(String hook, byte[] body) {
        JsonNode review = Json.tree(body);
        JsonNode request = review.path("request");
        asked(hook).add(request);
        ObjectNode answer = Json.object().put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
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
        ObjectNode webhook =
                (ObjectNode) TestApi.yaml("""
            name: %s.example.com
            sideEffects: None
            admissionReviewVersions: [v1]
            timeoutSeconds: 5
            clientConfig: {url: 'https://127.0.0.1:%d/%s', caBundle: %s}
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
            """.formatted(hook, server.port(), hook, server.authority(), namespace));
        webhook.setAll((ObjectNode) TestApi.yaml(more));
        ObjectNode configuration = (ObjectNode) TestApi.yaml("metadata: {name: " + hook + "}");
        configuration.put("apiVersion", "admissionregistration.k8s.io/v1").put("kind", kind);
        configuration.putArray("webhooks").add(webhook);
        return api.post(CONFIGURATIONS + kind.toLowerCase(java.util.Locale.ROOT) + "s", configuration.toString());
    }

    /** The same, which has to be taken. */
    void install(String kind, String hook, String namespace, String more) {
        Reply made = configure(kind, hook, namespace, more);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    @Override
    public void close() {
        server.close();
    }
}
