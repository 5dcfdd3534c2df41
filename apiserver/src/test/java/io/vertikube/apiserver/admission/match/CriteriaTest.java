package io.vertikube.apiserver.admission.match;

import static io.vertikube.apiserver.TestApi.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which writes criteria are about, and in which version they see them. */
class CriteriaTest {

    private static InMemory cluster;

    @BeforeAll
    static void start() {
        cluster = new InMemory();
        cluster.put("{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop','labels':{'env':'prod'}}}");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** A request as {@code OPERATION group/version/resource[/part] namespace/name}. */
    private static AdmissionRequest request(String text, String labels) {
        String[] words = text.split(" ");
        String[] asked = words[1].split("/");
        String[] place = words[2].split("/", -1);
        ResourceType type = Catalog.builtIn()
                .byResource(asked[0].equals("core") ? "" : asked[0], asked[1], asked[2])
                .orElseThrow();
        ObjectNode object = Json.object();
        object.putObject("metadata").set("labels", yaml(labels == null ? "{}" : labels));
        return new AdmissionRequest(
                Operation.valueOf(words[0]),
                type,
                asked.length > 3 ? asked[3] : "",
                place[0],
                place[1],
                object,
                null,
                UserInfo.of("jane"),
                false);
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        # rule ; request ; version in which it is seen
        {operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]} ; CREATE apps/v1/deployments shop/d ; apps/v1
        {operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]} ; UPDATE apps/v1/deployments shop/d ;
        {operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [deployments]} ; CREATE apps/v1/deployments shop/d ;
        {operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']} ; DELETE core/v1/pods shop/p ; v1
        {operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']} ; UPDATE core/v1/pods/status shop/p ;
        {operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*']} ; UPDATE core/v1/pods/status shop/p ; v1
        {operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['pods/*']} ; CONNECT core/v1/pods/exec shop/p ; v1
        {operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/scale']} ; UPDATE apps/v1/deployments/scale shop/p ; apps/v1
        {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: ['*'], scope: Cluster} ; CREATE core/v1/pods shop/p ;
        {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: ['*'], scope: Cluster} ; CREATE core/v1/nodes /n ; v1
        {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: ['*'], scope: Namespaced} ; CREATE core/v1/nodes /n ;
        {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], resourceNames: [p]} ; UPDATE core/v1/pods shop/p ; v1
        {operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], resourceNames: [p]} ; UPDATE core/v1/pods shop/q ;
        {operations: ['*'], apiGroups: [autoscaling], apiVersions: [v1], resources: [horizontalpodautoscalers]} ; CREATE autoscaling/v2/horizontalpodautoscalers shop/h ; autoscaling/v1
        """)
    void rulesAreAboutRequests(String rule, String request, String seenAs) {
        ObjectNode constraints = Json.object();
        constraints.putArray("resourceRules").add(yaml(rule));
        assertThat(seen(constraints, request, null)).isEqualTo(seenAs);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        # beside a rule for everything in its own version ; request ; labels ; version in which it is seen
        namespaceSelector: {matchLabels: {env: prod}} ; CREATE core/v1/pods shop/p ; {} ; v1
        namespaceSelector: {matchLabels: {env: test}} ; CREATE core/v1/pods shop/p ; {} ;
        namespaceSelector: {matchLabels: {env: test}} ; CREATE core/v1/nodes /n ; {} ; v1
        namespaceSelector: {matchLabels: {env: test}} ; CREATE core/v1/namespaces new/new ; {env: test} ; v1
        namespaceSelector: {matchLabels: {env: test}} ; CREATE core/v1/namespaces new/new ; {env: prod} ;
        objectSelector: {matchLabels: {a: b}} ; CREATE core/v1/pods shop/p ; {a: b} ; v1
        objectSelector: {matchLabels: {a: b}} ; CREATE core/v1/pods shop/p ; {a: c} ;
        excludeResourceRules: [{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], resourceNames: [p]}] ; UPDATE core/v1/pods shop/p ; {} ;
        excludeResourceRules: [{operations: ['*'], apiGroups: [''], apiVersions: [v1], resources: [pods], resourceNames: [p]}] ; UPDATE core/v1/pods shop/q ; {} ; v1
        excludeResourceRules: [{operations: ['*'], apiGroups: [autoscaling], apiVersions: [v1], resources: ['*']}] ; CREATE autoscaling/v2/horizontalpodautoscalers shop/h ; {} ;
        {matchPolicy: Exact, excludeResourceRules: [{operations: ['*'], apiGroups: [autoscaling], apiVersions: [v1], resources: ['*']}]} ; CREATE autoscaling/v2/horizontalpodautoscalers shop/h ; {} ; autoscaling/v2
        """)
    void selectorsAndExclusionsLeaveOut(String more, String request, String labels, String seenAs) {
        ObjectNode constraints = (ObjectNode) yaml(more);
        constraints
                .putArray("resourceRules")
                .add(yaml("{operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}"));
        assertThat(seen(constraints, request, labels)).isEqualTo(seenAs);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {} ; true
        {namespaceSelector: {matchLabels: {env: prod}}} ; true
        {namespaceSelector: {matchLabels: {env: test}}} ; false
        {resourceRules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [secrets]}]} ; false
        {excludeResourceRules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]} ; false
        """)
    void bindingsNarrowTheirPolicy(String resources, boolean matches) {
        AdmissionRequest request = request("CREATE core/v1/pods shop/p", "{}");
        assertThat(Criteria.ofBinding(yaml(resources))
                        .seenAs(request, cluster.storage.snapshot(Read.latest()), Catalog.builtIn())
                        .isPresent())
                .isEqualTo(matches);
    }

    private static String seen(JsonNode constraints, String request, String labels) {
        return Criteria.ofPolicy(constraints)
                .seenAs(request(request, labels), cluster.storage.snapshot(Read.latest()), Catalog.builtIn())
                .map(ResourceType::apiVersion)
                .orElse(null);
    }
}
