package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule of a policy speaks of which request, and which files are no policy. */
final class PolicyTest {

    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - level: None
              users: ["system:kube-proxy"]
              verbs: [watch]
              resources: [{group: "", resources: [endpoints, services]}]
            - level: None
              userGroups: [everybody]
              nonResourceURLs: ["/api*", /version]
            - level: Request
              resources: [{group: "", resources: [configmaps]}]
              namespaces: [kube-system]
              omitStages: [ResponseStarted]
              omitManagedFields: false
            - level: Metadata
              resources: [{group: "", resources: [configmaps], resourceNames: [mine]}]
            - level: RequestResponse
              resources: [{group: "", resources: ["pods/*", "*/status"]}, {group: apps}]
            - level: Metadata
              resources: [{group: "", resources: ["pods"]}]
              namespaces: [""]
            """;

    private static AuditPolicy policy() {
        return PolicyReader.read(POLICY.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            system:kube-proxy | GET    | /api/v1/services?watch=1                            | None
            system:kube-proxy | GET    | /api/v1/services                                    | None
            somebody          | GET    | /apis                                               | None
            somebody          | PUT    | /api/v1/namespaces/kube-system/configmaps/a         | Request
            somebody          | PUT    | /api/v1/namespaces/default/configmaps/mine          | Metadata
            somebody          | PUT    | /api/v1/namespaces/default/configmaps/yours         | None
            somebody          | GET    | /api/v1/namespaces/default/pods/p/log               | RequestResponse
            somebody          | PUT    | /api/v1/nodes/n/status                              | RequestResponse
            somebody          | DELETE | /apis/apps/v1/namespaces/default/deployments/d      | RequestResponse
            somebody          | GET    | /api/v1/pods                                        | Metadata
            somebody          | GET    | /api/v1/namespaces/default/pods                     | None
            """)
    void theFirstRuleThatSpeaksOfARequestCounts(String user, String method, String url, String level) {
        String path = url.split("\\?", 2)[0];
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        if (url.contains("watch=1")) {
            parameters.add("watch", "1");
        }
        var query = new Query(parameters);
        RequestInfo info = RequestInfo.of(method, path, query);
        assertThat(policy().of(UserInfo.of(user, "everybody"), info).level().text())
                .isEqualTo(level);
    }

    @Test
    void whatThePolicyLeavesOutARuleLeavesOutToo() {
        AuditRule rule = policy().rules().get(2);
        assertThat(rule.omitStages()).containsOnly(AuditStage.REQUEST_RECEIVED, AuditStage.RESPONSE_STARTED);
        assertThat(rule.omitManagedFields()).isFalse();
        assertThat(policy().rules().getFirst().omitManagedFields()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            level: None      | level: Some                 | rules[0].level: Unsupported value: "Some": supported values: "None", "Metadata", "Request", "RequestResponse"
            - level: None    | - users: [a]                | rules[0].level: Required value
            level: None      | levl: None                  | rules[0].levl: Forbidden: unknown field; rules[0].level: Required value
            - level: None    | "- {level: None, nonResourceURLs: [api]}" | rules[0].nonResourceURLs[0]: Invalid value: "api": non-resource URL rules must begin with a '/' character
            - level: None    | "- {level: None, nonResourceURLs: [/a*b]}" | rules[0].nonResourceURLs[0]: Invalid value: "/a*b": non-resource URL wildcards '*' must be the final character of the rule
            - level: None    | "- {level: None, nonResourceURLs: [/a], namespaces: [x]}" | rules[0].nonResourceURLs: Invalid value: ["/a"]: rules cannot apply to both regular resources and non-resource URLs
            - level: None    | "- {level: None, omitStages: [Late]}" | rules[0].omitStages[0]: Unsupported value: "Late": supported values: "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"
            - level: None    | "- {level: None, resources: [{resourceNames: [a]}]}" | rules[0].resources[0].resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource
            - level: None    | "- {level: None, users: [{}]}" | rules[0].users[0]: Invalid value: {}: must be a string
            audit.k8s.io/v1  | audit.k8s.io/v1beta1        | apiVersion: Unsupported value: "audit.k8s.io/v1beta1": supported values: "audit.k8s.io/v1"
            - level: None    | ""                          | rules: Required value: a policy without rules tells nothing
            """)
    void aFileThatIsNoPolicyIsRefusedWithItsField(String what, String by, String why) {
        String sound = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n";
        String broken = sound.replace(what, by.replaceAll("^\"|\"$", ""));
        assertThatThrownBy(() -> PolicyReader.read(broken.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
