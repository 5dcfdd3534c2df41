package io.vertikube.apiserver.admission.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which writes webhooks are asked about, what they are shown, and how often. */
class WebhookMatchingTest {

    private static final String MAPS =
            "rules: [{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}]\n";

    private static TestApi api;
    private static TestHooks hooks;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        hooks = new TestHooks(api);
    }

    @AfterAll
    static void stop() {
        hooks.close();
        api.close();
    }

    private static Reply create(String namespace, String name, String... headers) {
        return api.post(
                "/api/v1/namespaces/" + namespace + "/configmaps",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"1\"}}",
                headers);
    }

    @Test
    void conditionsLeaveWritesOut() {
        api.namespace("conditions");
        hooks.install("ValidatingWebhookConfiguration", "conditions", "conditions", MAPS + """
            matchConditions:
            - {name: not-leases, expression: '!(request.resource.group == "coordination.k8s.io" && request.resource.resource == "leases")'}
            - {name: not-nodes, expression: '!("system:nodes" in request.userInfo.groups)'}
            - {name: by-name, expression: 'request.operation != "CREATE" || object.metadata.name.startsWith("hot-")'}
            - {name: may-break, expression: 'authorizer.group("").resource("configmaps").namespace(request.namespace).check("delete").allowed()'}
            """);
        assertThat(create("conditions", "cold").code()).isEqualTo(201);
        assertThat(hooks.asked("conditions")).isEmpty();
        assertThat(create("conditions", "hot-one").code()).isEqualTo(201);
        assertThat(hooks.asked("conditions")).hasSize(1);
    }

    @Test
    void aConditionThatFailsCountsAsThePolicySays() {
        api.namespace("failing");
        hooks.install(
                "ValidatingWebhookConfiguration",
                "failing",
                "failing",
                MAPS + "matchConditions: [{name: c, expression: 'object.spec.nothing == 1'}]");
        Reply refused = create("failing", "m");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("configmaps \"m\" is forbidden: expression 'object.spec.nothing == 1' resulted in error:"
                        + " no such key: spec");
        api.patch(
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/failing",
                "json-patch+json",
                "[{\"op\":\"replace\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]");
        assertThat(create("failing", "m").code()).isEqualTo(201);
        assertThat(hooks.asked("failing")).isEmpty();
    }

    @Test
    void aConditionThatIsFalseOutdoesOneThatFails() {
        api.namespace("outdone");
        hooks.install(
                "ValidatingWebhookConfiguration",
                "outdone",
                "outdone",
                MAPS
                        + "matchConditions: [{name: c, expression: 'object.no.where'}, {name: d, expression: 'false'}]"
                                .replace("object.no.where", "object.no.where == 1"));
        assertThat(create("outdone", "m").code()).isEqualTo(201);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        object.metadata.name == ; webhooks[0].matchConditions[0].expression: Invalid value: "object.metadata.name == ": compilation failed: ERROR: <input>:1:
        object.metadata.name ; webhooks[0].matchConditions[0].expression: Invalid value: "object.metadata.name": must evaluate to bool
        params.a == 1 ; webhooks[0].matchConditions[0].expression: Invalid value: "params.a == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params'
        """)
    void conditionsThatDoNotCompileAreRefused(String expression, String expected) {
        String shown = expression.endsWith("==") ? expression + " " : expression;
        Reply refused = hooks.configure(
                "ValidatingWebhookConfiguration",
                "broken",
                "broken",
                MAPS + "matchConditions: [{name: c, expression: '" + shown + "'}]");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("message").asText())
                .startsWith("ValidatingWebhookConfiguration.admissionregistration.k8s.io \"broken\" is invalid: "
                        + expected);
    }

    @Test
    void optionsAreShown() {
        api.namespace("options");
        hooks.install("ValidatingWebhookConfiguration", "options", "options", MAPS);
        String map = "/api/v1/namespaces/options/configmaps/m";
        api.post(
                "/api/v1/namespaces/options/configmaps?fieldManager=me&fieldValidation=Strict",
                "{\"metadata\":{\"name\":\"m\"}}");
        api.patch(map, "merge-patch+json", "{\"data\":{\"a\":\"2\"}}");
        api.delete(map + "?propagationPolicy=Orphan&gracePeriodSeconds=7");
        assertThat(hooks.asked("options"))
                .extracting(asked -> asked.path("options").toString())
                .containsExactly(
                        "{\"kind\":\"CreateOptions\",\"apiVersion\":\"meta.k8s.io/v1\",\"fieldManager\":\"me\",\"fieldValidation\":\"Strict\"}",
                        "{\"kind\":\"UpdateOptions\",\"apiVersion\":\"meta.k8s.io/v1\"}",
                        "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"meta.k8s.io/v1\",\"gracePeriodSeconds\":7,\"propagationPolicy\":\"Orphan\"}");
    }

    @Test
    void whoAsksForItIsCalledAgainAfterAnother() {
        api.namespace("again");
        String patch = "[{\"op\":\"add\",\"path\":\"/data/%s\",\"value\":\"yes\"}]";
        hooks.patch("again-a", patch.formatted("first"));
        hooks.patch("again-b", patch.formatted("second"));
        hooks.install("MutatingWebhookConfiguration", "again-a", "again", MAPS + "reinvocationPolicy: IfNeeded");
        hooks.install("MutatingWebhookConfiguration", "again-b", "again", MAPS + "reinvocationPolicy: IfNeeded");
        hooks.install("MutatingWebhookConfiguration", "again-c", "again", MAPS + "reinvocationPolicy: Never");
        assertThat(create("again", "m").code()).isEqualTo(201);
        assertThat(hooks.asked("again-a")).hasSize(2);
        assertThat(hooks.asked("again-b")).hasSize(1);
        assertThat(hooks.asked("again-c")).hasSize(1);
        assertThat(hooks.asked("again-a").stream()
                        .toList()
                        .get(1)
                        .at("/object/data/second")
                        .asText())
                .isEqualTo("yes");
    }

    @Test
    void sideEffectsAreKeptFromDryRuns() {
        api.namespace("dry");
        hooks.install("ValidatingWebhookConfiguration", "dry", "dry", MAPS + "sideEffects: NoneOnDryRun");
        assertThat(api.post("/api/v1/namespaces/dry/configmaps?dryRun=All", "{\"metadata\":{\"name\":\"m\"}}")
                        .code())
                .isEqualTo(201);
        assertThat(hooks.asked("dry"))
                .extracting(asked -> asked.path("dryRun").asBoolean())
                .containsExactly(true);
        Reply refused = hooks.configure("ValidatingWebhookConfiguration", "wet", "dry", MAPS + "sideEffects: Some");
        assertThat(refused.code()).isEqualTo(422);
    }

    @Test
    void execIsSeenAsConnect() {
        api.namespace("connect");
        api.post(
                "/api/v1/namespaces/connect/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        hooks.install("ValidatingWebhookConfiguration", "connect", "connect", """
            rules: [{operations: [CONNECT], apiGroups: [''], apiVersions: [v1], resources: [pods/exec, pods/attach, pods/portforward]}]
            """);
        hooks.answer("connect", (question, response) -> {
            if (question.at("/object/command/0").asText().equals("rm")) {
                response.put("allowed", false)
                        .putObject("status")
                        .put("code", 403)
                        .put("message", "no rm here");
            }
        });
        Reply refused = api.post(
                "/api/v1/namespaces/connect/pods/p/exec?command=rm&command=-rf&container=c&stdin=true&tty=true", "");
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("admission webhook \"connect.example.com\" denied the request: no rm here");
        JsonNode asked = hooks.asked("connect").peek();
        assertThat(asked.path("operation").asText()).isEqualTo("CONNECT");
        assertThat(asked.path("kind").path("kind").asText()).isEqualTo("PodExecOptions");
        assertThat(asked.path("subResource").asText()).isEqualTo("exec");
        assertThat(asked.path("object").toString())
                .isEqualTo("{\"kind\":\"PodExecOptions\",\"apiVersion\":\"v1\",\"stdin\":true,\"tty\":true,"
                        + "\"container\":\"c\",\"command\":[\"rm\",\"-rf\"]}");
        // Let through, it gets to where a request that cannot be upgraded is refused.
        Reply through = api.post("/api/v1/namespaces/connect/pods/p/portforward?ports=80", "");
        assertThat(through.json().path("message").asText()).isNotEmpty().doesNotContain("denied");
        assertThat(hooks.asked("connect")).hasSize(2);
    }

    @Test
    void aScaleIsShownAsScale() {
        api.namespace("scale");
        String deployment = "/apis/apps/v1/namespaces/scale/deployments";
        api.post(deployment, """
            {"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        hooks.patch("scale", "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":4}]");
        hooks.install("MutatingWebhookConfiguration", "scale", "scale", """
            rules: [{operations: [UPDATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments/scale]}]
            """);
        Reply scaled = api.patch(deployment + "/d/scale", "merge-patch+json", "{\"spec\":{\"replicas\":9}}");
        assertThat(scaled.code()).as(scaled.text()).isEqualTo(200);
        assertThat(scaled.json().at("/spec/replicas").asInt()).isEqualTo(4);
        assertThat(api.get(deployment + "/d").json().at("/spec/replicas").asInt())
                .isEqualTo(4);
        JsonNode asked = hooks.asked("scale").peek();
        assertThat(asked.path("kind").toString())
                .isEqualTo("{\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":\"Scale\"}");
        assertThat(asked.path("resource").path("resource").asText()).isEqualTo("deployments");
        assertThat(asked.at("/object/spec/replicas").asInt()).isEqualTo(9);
        assertThat(asked.at("/oldObject/spec/replicas").asInt()).isEqualTo(1);
    }

    @Test
    void aNamespaceIsSaidToBeInItself() {
        hooks.install("ValidatingWebhookConfiguration", "spaces", "spaces", """
            rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [namespaces]}]
            """);
        api.namespace("spaces");
        JsonNode asked = hooks.asked("spaces").peek();
        assertThat(asked.path("namespace").asText()).isEqualTo("spaces");
        assertThat(asked.path("name").asText()).isEqualTo("spaces");
    }

    @Test
    void evictionsAreSeen() {
        api.namespace("evict");
        api.post(
                "/api/v1/namespaces/evict/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        hooks.answer("evict", (question, response) -> response.put("allowed", false));
        hooks.install("ValidatingWebhookConfiguration", "evict", "evict", """
            rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods/eviction]}]
            """);
        Reply refused = api.post(
                "/api/v1/namespaces/evict/pods/p/eviction",
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"p\"}}");
        assertThat(refused.json().path("message").asText())
                .isEqualTo("admission webhook \"evict.example.com\" denied the request without explanation");
        assertThat(hooks.asked("evict").peek().path("kind").path("kind").asText())
                .isEqualTo("Eviction");
    }
}
