package io.vertikube.apiserver.admission.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks that change and judge writes, over real HTTPS. */
class AdmissionWebhooksTest {

    private static final String CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/";

    private static TestApi api;
    private static HookServer server;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        server = new HookServer(api, AdmissionWebhooksTest::answer);
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
    }

    /** The path says how it behaves. */
    private static byte[] answer(String path, byte[] body) {
        JsonNode review = Json.tree(body);
        JsonNode request = review.path("request");
        ObjectNode answer = Json.object()
                .put("kind", "AdmissionReview")
                .put("apiVersion", review.path("apiVersion").asText());
        ObjectNode response = answer.putObject("response");
        response.put("uid", request.path("uid").asText()).put("allowed", !path.equals("/deny"));
        switch (path) {
            case "/deny" -> response.putObject("status").put("code", 403).put("message", "not on my watch");
            case "/label" -> patch(response, "[{\"op\":\"add\",\"path\":\"/data/touched\",\"value\":\"yes\"}]");
            case "/version" ->
                patch(
                        response,
                        "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"seen\":\""
                                + request.path("kind").path("version").asText() + "\"}}]");
            case "/warn" -> response.putArray("warnings").add("mind the step");
            case "/stranger" -> response.put("uid", "other");
            default -> {}
        }
        return Json.bytes(answer);
    }

    private static void patch(ObjectNode response, String patch) {
        response.put("patchType", "JSONPatch")
                .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
    }

    /** A configuration with one webhook for everything of a namespace with this label. */
    private static ObjectNode configuration(String kind, String space, String behaves, String resource, String group) {
        String config = """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "%s", "metadata": {"name": "%s"},
                 "webhooks": [{"name": "hook.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                   "timeoutSeconds": 5,
                   "clientConfig": {"url": "https://127.0.0.1:%d/%s", "caBundle": "%s"},
                   "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "%s"}},
                   "rules": [{"operations": ["CREATE"], "apiGroups": ["%s"], "apiVersions": ["v1"], "resources": ["%s"]}]}]}""".formatted(kind, space, server.port(), behaves, server.authority(), space, group, resource);
        return (ObjectNode) Json.tree(config.getBytes(StandardCharsets.UTF_8));
    }

    private static String configured(String kind, String plural, String space, String behaves) {
        api.namespace(space);
        Reply made = api.post(
                CONFIGURATIONS + plural,
                configuration(kind, space, behaves, "configmaps", "").toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return "/api/v1/namespaces/" + space + "/configmaps";
    }

    private static Reply create(String maps) {
        return api.post(maps, "{\"metadata\":{\"name\":\"m\"},\"data\":{\"a\":\"1\"}}");
    }

    @Test
    void aMutatingWebhookChangesWhatIsWritten() {
        String maps = configured("MutatingWebhookConfiguration", "mutatingwebhookconfigurations", "mutate", "label");
        Reply made = create(maps);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("data").path("touched").asText()).isEqualTo("yes");
        api.namespace("elsewhere");
        assertThat(create("/api/v1/namespaces/elsewhere/configmaps")
                        .json()
                        .path("data")
                        .has("touched"))
                .isFalse();
    }

    @Test
    void aValidatingWebhookRefuses() {
        String maps =
                configured("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "validate", "deny");
        Reply refused = create(maps);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("admission webhook \"hook.example.com\" denied the request: not on my watch");
    }

    @Test
    void warningsReachTheClient() {
        String maps = configured("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "warned", "warn");
        assertThat(create(maps).header("Warning")).isEqualTo("299 - \"mind the step\"");
    }

    @Test
    void aFailureCountsAsThePolicySays() {
        String maps =
                configured("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", "failing", "stranger");
        Reply refused = create(maps);
        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.json().path("message").asText())
                .startsWith(
                        "Internal error occurred: failed calling webhook \"hook.example.com\": expected response.uid=");
        api.patch(
                CONFIGURATIONS + "validatingwebhookconfigurations/failing",
                "json-patch+json",
                "[{\"op\":\"replace\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]");
        assertThat(create(maps).code()).isEqualTo(201);
    }

    @Test
    void anEquivalentVersionIsShownAsTheRuleNamesIt() {
        api.namespace("versions");
        api.post(
                CONFIGURATIONS + "mutatingwebhookconfigurations",
                configuration(
                                "MutatingWebhookConfiguration",
                                "versions",
                                "version",
                                "horizontalpodautoscalers",
                                "autoscaling")
                        .toString());
        Reply made = api.post(
                "/apis/autoscaling/v2/namespaces/versions/horizontalpodautoscalers",
                "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"maxReplicas\":2,\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"d\"}}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("apiVersion").asText()).isEqualTo("autoscaling/v2");
        assertThat(made.json().path("metadata").path("labels").path("seen").asText())
                .isEqualTo("v1");
        assertThat(made.json().at("/spec/metrics/0/resource/name").asText()).isEqualTo("cpu");
    }
}
