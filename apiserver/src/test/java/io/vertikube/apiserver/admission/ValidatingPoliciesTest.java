package io.vertikube.apiserver.admission;

import static io.vertikube.apiserver.TestApi.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Validating admission policies through the real API; each test has its own namespace, which its binding selects. */
class ValidatingPoliciesTest {

    private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
    private static final String DEPLOYMENTS =
            "{resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]}";
    private static final String MAPS =
            "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}";

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static Reply policy(String name, String spec) {
        ObjectNode policy = (ObjectNode) yaml("metadata: {name: " + name + "}");
        policy.put("apiVersion", "admissionregistration.k8s.io/v1").put("kind", "ValidatingAdmissionPolicy");
        policy.set("spec", yaml(spec));
        return api.post(GROUP + "validatingadmissionpolicies", policy.toString());
    }

    private static void bind(String name, String spec) {
        ObjectNode binding = (ObjectNode) yaml("metadata: {name: " + name + "-binding}");
        ObjectNode its = (ObjectNode) yaml(spec);
        its.put("policyName", name);
        if (!its.has("matchResources")) {
            its.set(
                    "matchResources",
                    yaml("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + name + "}}"));
        }
        binding.set("spec", its);
        Reply made = api.post(GROUP + "validatingadmissionpolicybindings", binding.toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
    }

    /** A policy and its binding for the namespace of the same name. */
    private static void install(String name, String spec, String binding) {
        api.namespace(name);
        Reply made = policy(name, spec);
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        bind(name, binding);
    }

    private static Reply deploy(String namespace, String name, int replicas) {
        return api.post("/apis/apps/v1/namespaces/" + namespace + "/deployments", """
            {"metadata":{"name":"%s"},"spec":{"replicas":%d,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"example.com/prod/c:1"}]}}}}""".formatted(name, replicas));
    }

    private static Reply map(String namespace, String name, String data) {
        return api.post(
                "/api/v1/namespaces/" + namespace + "/configmaps",
                yaml("{metadata: {name: " + name + "}, data: " + data + "}").toString());
    }

    private static String message(Reply reply) {
        return reply.json().path("message").asText();
    }

    @Test
    void tooManyReplicasAreRefused() {
        install(
                "demo-policy",
                "{matchConstraints: " + DEPLOYMENTS + ", validations: [{expression: object.spec.replicas <= 5}]}",
                "validationActions: [Deny]");
        assertThat(deploy("demo-policy", "few", 5).code()).isEqualTo(201);
        Reply refused = deploy("demo-policy", "many", 6);
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("reason").asText()).isEqualTo("Invalid");
        assertThat(message(refused))
                .isEqualTo(
                        "deployments.apps \"many\" is forbidden: ValidatingAdmissionPolicy 'demo-policy' with binding"
                                + " 'demo-policy-binding' denied request: failed expression: object.spec.replicas <= 5");
        assertThat(refused.json().at("/details/causes/0/message").asText())
                .startsWith("ValidatingAdmissionPolicy 'demo-policy' with binding");
        Reply patched = api.patch(
                "/apis/apps/v1/namespaces/demo-policy/deployments/few",
                "merge-patch+json",
                "{\"spec\":{\"replicas\":8}}");
        assertThat(patched.code()).isEqualTo(422);
        api.delete(GROUP + "validatingadmissionpolicybindings/demo-policy-binding");
        assertThat(deploy("demo-policy", "many", 6).code()).isEqualTo(201);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        m1 ; {expression: 'object.data.size() < 1', message: 'is full'} ; 422 ; is full
        m2 ; {expression: 'object.data.size() < 1', messageExpression: '"has " + string(object.data.size())', reason: Forbidden} ; 403 ; has 1
        m3 ; {expression: 'object.data.size() < 1', messageExpression: 'string(object.nope)', message: 'kept'} ; 422 ; kept
        m4 ; {expression: 'object.data.size() < 1', reason: RequestEntityTooLarge} ; 413 ; failed expression: object.data.size() < 1
        m5 ; {expression: 'object.data.size() < 1', reason: Unauthorized, message: go} ; 401 ; go
        m6 ; {expression: 'object.data.missing == "a"'} ; 422 ; expression 'object.data.missing == "a"' resulted in error: no such key: missing
        m7 ; {expression: 'object.data.all(k, object.data.all(l, object.data.all(m, authorizer.requestResource.check("get").allowed())))'} ; 201 ;
        m8 ; {expression: '[1, 2, 3].all(k, authorizer.requestResource.check("get").allowed())'} ; 422 ; expression '[1, 2, 3].all(k, authorizer.requestResource.check("get").allowed())' resulted in error: operation cancelled: actual cost limit exceeded
        """)
    void denialsSayWhy(String name, String validation, int code, String expected) {
        install(
                name,
                "{matchConstraints: " + MAPS + ", validations: [" + validation + "]}",
                "validationActions: [Deny, Audit]");
        Reply reply = map(name, "m", "{a: b}");
        assertThat(reply.code()).as(reply.text()).isEqualTo(code);
        if (expected != null) {
            assertThat(message(reply))
                    .isEqualTo("configmaps \"m\" is forbidden: ValidatingAdmissionPolicy '" + name + "' with binding '"
                            + name + "-binding' denied request: " + expected);
        }
    }

    @Test
    void warningsLetWritesThrough() {
        install(
                "warned",
                "{matchConstraints: " + MAPS
                        + ", validations: [{expression: 'has(object.data.owner)', message: 'no owner'}]}",
                "validationActions: [Warn, Audit]");
        Reply made = map("warned", "m", "{a: b}");
        assertThat(made.code()).isEqualTo(201);
        assertThat(made.header("Warning"))
                .isEqualTo("299 - \"Validation failed for ValidatingAdmissionPolicy 'warned' with binding"
                        + " 'warned-binding': no owner\"");
    }

    @Test
    void failuresAreIgnoredIfThePolicySaysSo() {
        install(
                "ignoring",
                "{failurePolicy: Ignore, matchConstraints: " + MAPS
                        + ", validations: [{expression: 'object.nope == 1'}, {expression: 'object.data.a != \"bad\"'}]}",
                "validationActions: [Deny]");
        assertThat(map("ignoring", "m", "{a: b}").code()).isEqualTo(201);
        assertThat(map("ignoring", "n", "{a: bad}").code()).isEqualTo(422);
    }

    @Test
    void variablesAreComposedAndConditionsLeaveWritesOut() {
        api.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"images\",\"labels\":{\"environment\":\"staging\"}}}");
        Reply made = policy("images", """
            matchConstraints: %s
            matchConditions: [{name: not-exempt, expression: '!object.metadata.name.startsWith("exempt")'}]
            variables:
            - {name: environment, expression: "'environment' in namespaceObject.metadata.labels ? namespaceObject.metadata.labels['environment'] : 'prod'"}
            - {name: containers, expression: object.spec.template.spec.containers}
            - {name: wrong, expression: 'variables.containers.filter(c, !c.image.startsWith("example.com/" + variables.environment + "/"))'}
            validations:
            - expression: variables.wrong.size() == 0
              messageExpression: "'only ' + variables.environment + ' images can be deployed in namespace ' + namespaceObject.metadata.name"
            """.formatted(DEPLOYMENTS));
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        bind("images", "validationActions: [Deny]");
        assertThat(message(deploy("images", "web", 1)))
                .endsWith("denied request: only staging images can be deployed in namespace images");
        assertThat(deploy("images", "exempt-web", 1).code()).isEqualTo(201);
        api.patch(
                "/api/v1/namespaces/images",
                "merge-patch+json",
                "{\"metadata\":{\"labels\":{\"environment\":\"prod\"}}}");
        assertThat(deploy("images", "web", 1).code()).isEqualTo(201);
    }

    @Test
    void parametersComeFromObjects() {
        install(
                "params",
                "{paramKind: {apiVersion: v1, kind: ConfigMap}, matchConstraints: " + DEPLOYMENTS
                        + ", validations: [{expression: 'object.spec.replicas <= int(params.data.max)',"
                        + " messageExpression: '\"at most \" + params.data.max'}]}",
                "{validationActions: [Deny], paramRef: {name: limits, parameterNotFoundAction: Deny}}");
        assertThat(message(deploy("params", "d", 1)))
                .endsWith("denied request: failed to configure binding: no params found for policy binding with"
                        + " `Deny` parameterNotFoundAction");
        map("params", "limits", "{max: '3'}");
        assertThat(message(deploy("params", "d", 4))).endsWith("denied request: at most 3");
        assertThat(deploy("params", "d", 3).code()).isEqualTo(201);
        api.patch("/api/v1/namespaces/params/configmaps/limits", "merge-patch+json", "{\"data\":{\"max\":\"4\"}}");
        assertThat(deploy("params", "e", 4).code()).isEqualTo(201);
    }

    @Test
    void everySelectedParameterCounts() {
        api.namespace("elsewhere");
        install(
                "selected",
                "{paramKind: {apiVersion: v1, kind: ConfigMap}, matchConstraints: " + DEPLOYMENTS
                        + ", validations: [{expression: 'object.spec.replicas <= int(params.data.max)',"
                        + " messageExpression: '\"at most \" + params.data.max'}]}",
                "{validationActions: [Deny], paramRef: {selector: {matchLabels: {use: it}}, namespace: elsewhere,"
                        + " parameterNotFoundAction: Allow}}");
        assertThat(deploy("selected", "a", 9).code()).isEqualTo(201);
        for (int max : new int[] {7, 5}) {
            api.post(
                    "/api/v1/namespaces/elsewhere/configmaps",
                    "{\"metadata\":{\"name\":\"max-" + max + "\",\"labels\":{\"use\":\"it\"}},\"data\":{\"max\":\""
                            + max + "\"}}");
        }
        assertThat(message(deploy("selected", "b", 8))).endsWith("denied request: at most 5");
        assertThat(message(deploy("selected", "b", 6))).endsWith("denied request: at most 5");
        assertThat(deploy("selected", "b", 5).code()).isEqualTo(201);
    }

    @Test
    void parametersMayBeCustomObjects() {
        Reply defined = api.post(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                yaml("""
            metadata: {name: replicalimits.rules.example.com}
            spec:
              group: rules.example.com
              scope: Cluster
              names: {plural: replicalimits, singular: replicalimit, kind: ReplicaLimit}
              versions:
              - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {maxReplicas: {type: integer}}}}}
            """).toString());
        assertThat(defined.code()).as(defined.text()).isEqualTo(201);
        install(
                "custom",
                "{paramKind: {apiVersion: rules.example.com/v1, kind: ReplicaLimit}, matchConstraints: " + DEPLOYMENTS
                        + ", validations: [{expression: 'object.spec.replicas <= params.maxReplicas'}]}",
                "{validationActions: [Deny], paramRef: {name: limit, parameterNotFoundAction: Allow}}");
        while (api.get("/apis/rules.example.com/v1/replicalimits").code() != 200) {
            Thread.onSpinWait();
        }
        assertThat(deploy("custom", "a", 9).code()).isEqualTo(201);
        Reply limit = api.post(
                "/apis/rules.example.com/v1/replicalimits",
                "{\"apiVersion\":\"rules.example.com/v1\",\"kind\":\"ReplicaLimit\",\"metadata\":{\"name\":\"limit\"},\"maxReplicas\":3}");
        assertThat(limit.code()).as(limit.text()).isEqualTo(201);
        assertThat(message(deploy("custom", "b", 4)))
                .endsWith("denied request: failed expression: object.spec.replicas <= params.maxReplicas");
        api.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/replicalimits.rules.example.com");
    }

    @Test
    void anUnknownKindOfParametersIsToldOfTheBinding() {
        install(
                "unknown",
                "{paramKind: {apiVersion: none.example.com/v1, kind: None}, matchConstraints: " + MAPS
                        + ", validations: [{expression: 'true'}]}",
                "{validationActions: [Deny], paramRef: {name: x, parameterNotFoundAction: Allow}}");
        assertThat(message(map("unknown", "m", "{}")))
                .endsWith(
                        "denied request: failed to configure binding: failed to find resource referenced by paramKind:"
                                + " 'none.example.com/v1, Kind=None'");
    }

    @Test
    void excludedAndNamedResources() {
        install("excluded", """
                matchConstraints:
                  resourceRules: [{apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: ['*']}]
                  excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps], resourceNames: [free]}]
                validations: [{expression: "request.resource.resource != 'configmaps'", message: none}]
                """, "validationActions: [Deny]");
        assertThat(map("excluded", "free", "{}").code()).isEqualTo(201);
        assertThat(message(map("excluded", "other", "{}"))).endsWith("denied request: none");
        // Deletes are writes too, and have no object.
        assertThat(api.delete("/api/v1/namespaces/excluded/configmaps/free").code())
                .isEqualTo(200);
    }

    @Test
    void execIsJudged() {
        install(
                "exec",
                "{matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CONNECT], resources:"
                        + " [pods/exec]}]}, validations: [{expression: 'object.command[0] != \"sh\"', message: no shells}]}",
                "validationActions: [Deny]");
        api.post(
                "/api/v1/namespaces/exec/pods",
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        assertThat(message(api.post("/api/v1/namespaces/exec/pods/p/exec?command=sh&container=c", "")))
                .isEqualTo(
                        "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'exec' with binding 'exec-binding' denied"
                                + " request: no shells");
        assertThat(message(api.post("/api/v1/namespaces/exec/pods/p/exec?command=ls&container=c", "")))
                .isNotEmpty()
                .doesNotContain("denied");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        typed-a ; 'object.replicas > 1' ; apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'
        typed-b ; 'object.spec.replicas > "1"' ; apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload
        typed-c ; 'object.metadata.namespace == "a" && object == null && oldObject.spec.template.spec.containers.all(c, c.image != "")' ;
        typed-d ; 'object.metadata.labels["a"] == "b" && object.spec.template.spec.?securityContext.runAsNonRoot.orValue(false)' ;
        typed-e ; 'variables.first.imag == ""' ; apps/v1, Kind=Deployment: ERROR: <input>:1:16: undefined field 'imag'
        typed-f ; 'params.spce.x == 1' ; apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'spce'
        """)
    void theStatusSaysWhatDoesNotFitTheTypes(String name, String expression, String expected) {
        policy(
                name,
                "{paramKind: {apiVersion: v1, kind: ResourceQuota}, matchConstraints: " + DEPLOYMENTS
                        + ", variables: [{name: first, expression: 'object.spec.template.spec.containers[0]'}],"
                        + " validations: [{expression: " + expression + "}]}");
        JsonNode status = yaml("{}");
        while (status.path("observedGeneration").asInt() != 1) {
            status = api.get(GROUP + "validatingadmissionpolicies/" + name)
                    .json()
                    .path("status");
        }
        JsonNode warnings = status.at("/typeChecking/expressionWarnings");
        assertThat(status.has("typeChecking")).isTrue();
        if (expected == null) {
            assertThat(warnings.isMissingNode()).as(warnings.toString()).isTrue();
        } else {
            assertThat(warnings).hasSize(1);
            assertThat(warnings.at("/0/fieldRef").asText()).isEqualTo("spec.validations[0].expression");
            assertThat(warnings.at("/0/warning").asText()).startsWith(expected);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        validations: [{expression: 'object.x <'}] ; spec.validations[0].expression: Invalid value: "object.x <": compilation failed: ERROR: <input>:1:
        validations: [{expression: 'object.x'}] ; spec.validations[0].expression: Invalid value: "object.x": must evaluate to bool
        validations: [{expression: 'params.x == 1'}] ; spec.validations[0].expression: Invalid value: "params.x == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params'
        validations: [{expression: 'true', messageExpression: '1'}] ; spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string
        auditAnnotations: [{key: a, valueExpression: '1'}] ; spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type]
        {variables: [{name: v, expression: 'nope'}], validations: [{expression: 'true'}]} ; spec.variables[0].expression: Invalid value: "nope": compilation failed: ERROR: <input>:1:1: undeclared reference to 'nope'
        {validations: [{expression: 'variables.w'}], variables: [{name: v, expression: 'true'}]} ; spec.validations[0].expression: Invalid value: "variables.w": compilation failed: ERROR: <input>:1:10: undefined field 'w'
        {validations: [{expression: 'true'}], matchConditions: [{name: c, expression: 'request.kind.nope == ""'}]} ; spec.matchConditions[0].expression: Invalid value: "request.kind.nope == \\"\\"": compilation failed: ERROR: <input>:1:13: undefined field 'nope'
        """)
    void definitionsThatDoNotCompileAreRefused(String spec, String expected) {
        ObjectNode whole = (ObjectNode) yaml(spec);
        whole.set("matchConstraints", yaml(MAPS));
        Reply refused = policy("refused", whole.toString());
        assertThat(refused.code()).isEqualTo(422);
        assertThat(message(refused))
                .startsWith(
                        "ValidatingAdmissionPolicy.admissionregistration.k8s.io \"refused\" is invalid: " + expected);
    }
}
