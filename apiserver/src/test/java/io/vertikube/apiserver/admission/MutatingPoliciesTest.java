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

/** Mutating admission policies through the real API; each test has its own namespace, which its binding selects. */
class MutatingPoliciesTest {

    private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
    private static final String PODS =
            "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}";
    private static final String MAPS =
            "{resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]}";

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    /** A policy bound to a namespace. */
    private static void install(String name, String namespace, String spec, String paramRef) {
        ObjectNode policy = (ObjectNode) yaml("metadata: {name: " + name + "}");
        ObjectNode rules = (ObjectNode) yaml(spec);
        if (!rules.has("reinvocationPolicy")) {
            rules.put("reinvocationPolicy", "Never");
        }
        policy.set("spec", rules);
        Reply made = api.post(GROUP + "mutatingadmissionpolicies", policy.toString());
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        ObjectNode binding = (ObjectNode) yaml("{metadata: {name: " + name + "}, spec: {policyName: " + name
                + ", matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + namespace
                + "}}}}}");
        if (!paramRef.isEmpty()) {
            binding.withObject("/spec").set("paramRef", yaml(paramRef));
        }
        Reply bound = api.post(GROUP + "mutatingadmissionpolicybindings", binding.toString());
        assertThat(bound.code()).as(bound.text()).isEqualTo(201);
    }

    private static Reply map(String namespace, String name) {
        return api.post(
                "/api/v1/namespaces/" + namespace + "/configmaps",
                "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"a\":\"b\"}},\"data\":{\"k\":\"v\"}}");
    }

    private static Reply pod(String namespace, String name) {
        return api.post(
                "/api/v1/namespaces/" + namespace + "/pods",
                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"tolerations\":[{\"operator\":\"Exists\"}],"
                        + "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    }

    @Test
    void aSidecarIsAddedOnce() {
        api.namespace("sidecar");
        install("sidecar", "sidecar", """
            matchConstraints: %s
            matchConditions: [{name: none-yet, expression: '!object.spec.?initContainers.orValue([]).exists(c, c.name == "mesh-proxy")'}]
            reinvocationPolicy: IfNeeded
            mutations:
            - patchType: ApplyConfiguration
              applyConfiguration:
                expression: >-
                  Object{
                    spec: Object.spec{
                      initContainers: [
                        Object.spec.initContainers{
                          name: "mesh-proxy",
                          image: "mesh/proxy:v1.0.0",
                          args: ["proxy", "sidecar"],
                          restartPolicy: "Always"
                        }
                      ]
                    }
                  }
            """.formatted(PODS), "");
        Reply made = pod("sidecar", "p");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        JsonNode init = made.json().at("/spec/initContainers");
        assertThat(init).hasSize(1);
        assertThat(init.at("/0/name").asText()).isEqualTo("mesh-proxy");
        assertThat(init.at("/0/args/1").asText()).isEqualTo("sidecar");
        // What the server defaults and adds for every container, it does for this one too.
        assertThat(init.at("/0/imagePullPolicy").asText()).isEqualTo("IfNotPresent");
        assertThat(init.at("/0/volumeMounts/0/mountPath").asText())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(made.json().at("/spec/containers")).hasSize(1);
        assertThat(made.json().at("/spec/volumes")).hasSize(1);
    }

    @Test
    void aPatchIsAppliedAndMutationsSeeEachOther() {
        api.namespace("patched");
        install("patched", "patched", """
            matchConstraints: %s
            variables: [{name: count, expression: 'string(object.data.size())'}]
            mutations:
            - patchType: JSONPatch
              jsonPatch: {expression: '[JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("a"), value: variables.count}]'}
            - patchType: ApplyConfiguration
              applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"count": variables.count}}}'}
            """.formatted(MAPS), "");
        Reply made = map("patched", "m");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("data").toString()).isEqualTo("{\"k\":\"v\",\"a\":\"1\"}");
        assertThat(made.json().at("/metadata/labels").toString()).isEqualTo("{\"a\":\"b\",\"count\":\"2\"}");
    }

    @Test
    void parametersAndValidatingPoliciesComeAfter() {
        api.namespace("ordered");
        install("ordered", "ordered", """
            paramKind: {apiVersion: rbac.authorization.k8s.io/v1, kind: Role}
            matchConstraints: %s
            mutations:
            - patchType: ApplyConfiguration
              applyConfiguration: {expression: 'Object{data: Object.data{team: params.rules[0].resources[0]}}'}
            """.formatted(MAPS), "{name: team, parameterNotFoundAction: Allow}");
        api.post(
                GROUP + "validatingadmissionpolicies", yaml("""
            metadata: {name: ordered}
            spec: {matchConstraints: %s, validations: [{expression: 'object.data.?team.orValue("") == "red"', message: not red}]}
            """.formatted(MAPS)).toString());
        api.post(GROUP + "validatingadmissionpolicybindings", yaml("""
            metadata: {name: ordered}
            spec: {policyName: ordered, validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ordered}}}}
            """).toString());
        assertThat(map("ordered", "m").json().path("message").asText()).endsWith("denied request: not red");
        api.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/ordered/roles",
                "{\"metadata\":{\"name\":\"team\"},\"rules\":[{\"apiGroups\":[\"\"],\"verbs\":[\"get\"],\"resources\":[\"red\"]}]}");
        Reply made = map("ordered", "m");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        assertThat(made.json().at("/data/team").asText()).isEqualTo("red");
    }

    @Test
    void whoAsksForItIsAskedAgain() {
        api.namespace("again");
        String count =
                "{patchType: JSONPatch, jsonPatch: {expression: '[JSONPatch{op: \"add\", path: \"/data/%s\", value:"
                        + " string(object.data.size())}]'}}";
        install(
                "again-a",
                "again",
                "{matchConstraints: " + MAPS + ", reinvocationPolicy: IfNeeded, mutations: [" + count.formatted("first")
                        + "]}",
                "");
        install(
                "again-b",
                "again",
                "{matchConstraints: " + MAPS + ", reinvocationPolicy: Never, mutations: [" + count.formatted("second")
                        + "]}",
                "");
        assertThat(map("again", "m").json().path("data").toString())
                .isEqualTo("{\"k\":\"v\",\"first\":\"3\",\"second\":\"2\"}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        e1 ; {patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{nope: "x"}'}} ; invalid ApplyConfiguration: .nope: field not declared in schema
        e2 ; {patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{data: Object.metadata{a: "x"}}'}} ; unexpected type name "Object.metadata", expected "Object.data", which matches field name path from root Object type
        e3 ; {patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{data: {"x": object.data.nope}}'}} ; expression 'Object{data: {"x": object.data.nope}}' resulted in error: no such key: nope
        """)
    void failuresRefuse(String name, String mutation, String expected) {
        api.namespace(name);
        install(name, name, "{matchConstraints: " + MAPS + ", mutations: [" + mutation + "]}", "");
        Reply refused = map(name, "m");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("configmaps \"m\" is forbidden: policy '" + name + "' with binding '" + name
                        + "' denied request: " + expected);
    }

    @Test
    void whatIsThereIsNotReplacedAsAWhole() {
        api.namespace("atomic");
        install(
                "atomic",
                "atomic",
                "{matchConstraints: " + PODS + ", mutations: [{patchType: ApplyConfiguration,"
                        + " applyConfiguration: {expression: 'Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: \"k\"}]}}'}}]}",
                "");
        assertThat(pod("atomic", "p").json().path("message").asText())
                .endsWith("denied request: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs:"
                        + " .spec.tolerations");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {patchType: ApplyConfiguration, applyConfiguration: {expression: '{"a": 1}'}} ; spec.mutations[0].applyConfiguration.expression: Invalid value: "{\\"a\\": 1}": must evaluate to Object
        {patchType: JSONPatch, jsonPatch: {expression: 'Object{}'}} ; spec.mutations[0].jsonPatch.expression: Invalid value: "Object{}": must evaluate to list(JSONPatch)
        """)
    void definitionsThatDoNotCompileAreRefused(String mutation, String expected) {
        Reply refused = api.post(
                GROUP + "mutatingadmissionpolicies",
                yaml("{metadata: {name: r}, spec: {reinvocationPolicy: Never, matchConstraints: " + MAPS
                                + ", mutations: [" + mutation + "]}}")
                        .toString());
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("MutatingAdmissionPolicy.admissionregistration.k8s.io \"r\" is invalid: " + expected);
    }
}
