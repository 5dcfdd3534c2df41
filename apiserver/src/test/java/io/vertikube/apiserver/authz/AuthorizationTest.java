package io.vertikube.apiserver.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.authn.Impersonation;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.bootstrap.RbacDefaults;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what, over roles and pods in a real storage. */
final class AuthorizationTest {

    private static final String API = "'apiVersion':'rbac.authorization.k8s.io/v1'";
    private static final UserInfo JANE = UserInfo.of("jane", "developers", "system:authenticated");

    private InMemory memory;
    private RbacAuthorizer rbac;
    private Authorizer all;

    @BeforeEach
    void start() {
        memory = new InMemory();
        rbac = new RbacAuthorizer(memory.storage);
        all = Authorizers.union(List.of(
                Authorizers.superusers(),
                new NodeAuthorizer(memory.storage, RbacDefaults.rulesOf("system:node")),
                rbac));
        memory.put(
                "{" + API + ",'kind':'Role','metadata':{'name':'reader','namespace':'shop'},'rules':[{'apiGroups':[''],"
                        + "'resources':['pods','pods/log'],'verbs':['get','list']}]}");
        memory.put(
                "{" + API + ",'kind':'RoleBinding','metadata':{'name':'readers','namespace':'shop'},'roleRef':{'kind':"
                        + "'Role','name':'reader'},'subjects':[{'kind':'Group','name':'developers'},{'kind':'ServiceAccount',"
                        + "'name':'robot'}]}");
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private static Attributes pods(UserInfo user, String verb, String namespace) {
        return Attributes.resource(user, verb, "", "v1", "pods", namespace, "");
    }

    private boolean may(Attributes attributes) {
        return all.authorize(attributes).allowed();
    }

    @Test
    void aRoleBindingHoldsInItsNamespaceOnly() {
        assertTrue(may(pods(JANE, "list", "shop")));
        assertTrue(may(pods(JANE, "get", "shop").withSubresource("log")));
        assertFalse(may(pods(JANE, "get", "shop").withSubresource("exec")));
        assertFalse(may(pods(JANE, "delete", "shop")));
        assertFalse(may(pods(JANE, "list", "other")));
        assertFalse(may(pods(JANE, "list", "")));
        assertTrue(may(pods(UserInfo.of("system:serviceaccount:shop:robot"), "list", "shop")));
        assertTrue(may(pods(UserInfo.of("root", "system:masters"), "delete", "")));
    }

    @Test
    void aChangedRoleCountsAtOnce() {
        assertFalse(may(pods(JANE, "delete", "shop")));
        memory.put("{" + API
                + ",'kind':'Role','metadata':{'name':'reader','namespace':'shop'},'rules':[{'apiGroups':['*'],"
                + "'resources':['*'],'verbs':['*']}]}");
        assertTrue(may(pods(JANE, "delete", "shop")));
    }

    @Test
    void theRefusalSaysWhoWhatAndWhere() {
        Attributes asked = Attributes.resource(JANE, "delete", "apps", "v1", "deployments", "shop", "web");
        assertEquals(
                "deployments.apps \"web\" is forbidden: User \"jane\" cannot delete resource \"deployments\" in API group"
                        + " \"apps\" in the namespace \"shop\"",
                assertThrows(ApiException.class, () -> Refusals.demand(all, asked))
                        .getMessage());
        assertEquals(
                "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope",
                assertThrows(ApiException.class, () -> Refusals.demand(all, pods(JANE, "list", "")))
                        .getMessage());
        assertEquals(
                "forbidden: User \"jane\" cannot get path \"/metrics\"",
                assertThrows(ApiException.class, () -> Refusals.demand(all, Attributes.path(JANE, "get", "/metrics")))
                        .getMessage());
    }

    @Test
    void rulesMatchNamesPathsAndStars() {
        var rule = new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of("/healthz", "/logs/*"));
        assertTrue(rule.allows(Attributes.path(JANE, "get", "/logs/x/y")));
        assertFalse(rule.allows(Attributes.path(JANE, "get", "/healthz/etcd")));
        var named = new PolicyRule(List.of("update"), List.of(""), List.of("configmaps"), List.of("a"), List.of());
        assertTrue(named.allows(Attributes.resource(JANE, "update", "", "v1", "configmaps", "x", "a")));
        assertFalse(named.allows(Attributes.resource(JANE, "update", "", "v1", "configmaps", "x", "b")));
        var scale = new PolicyRule(List.of("*"), List.of("*"), List.of("*/scale"), List.of(), List.of());
        Attributes deployments = Attributes.resource(JANE, "get", "apps", "v1", "deployments", "x", "a");
        assertTrue(scale.allows(deployments.withSubresource("scale")));
        assertFalse(scale.allows(deployments));
    }

    @Test
    void aNodeReadsTheSecretsOfVolumesItMounts() {
        memory.put(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'shop'},'spec':{'nodeName':'n1',"
                        + "'containers':[{'name':'c'}],'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'data'}}]}}");
        memory.put(
                "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'pv'},'spec':{'claimRef':{'namespace':"
                        + "'shop','name':'data'},'csi':{'driver':'d','volumeHandle':'h','nodeStageSecretRef':{'namespace':'storage',"
                        + "'name':'login'}}}}");
        UserInfo n1 = UserInfo.of("system:node:n1", "system:nodes");
        UserInfo n2 = UserInfo.of("system:node:n2", "system:nodes");
        Attributes secret = Attributes.resource(n1, "get", "", "v1", "secrets", "storage", "login");
        assertTrue(may(secret));
        assertFalse(may(secret.as(n2)));
        assertFalse(may(Attributes.resource(n1, "get", "", "v1", "secrets", "shop", "login")));
    }

    @Test
    void aNodeReadsOnlyWhatItsPodsName() {
        memory.put("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'shop'},'spec':{'nodeName':'n1',"
                + "'serviceAccountName':'robot','containers':[{'name':'c','envFrom':[{'secretRef':{'name':'keys'}}]}],"
                + "'volumes':[{'name':'v','configMap':{'name':'settings'}}]}}");
        UserInfo n1 = UserInfo.of("system:node:n1", "system:nodes");
        UserInfo n2 = UserInfo.of("system:node:n2", "system:nodes");
        Attributes secret = Attributes.resource(n1, "get", "", "v1", "secrets", "shop", "keys");
        assertTrue(may(secret));
        assertFalse(may(secret.as(n2)));
        assertFalse(may(Attributes.resource(n1, "list", "", "v1", "secrets", "shop", "")));
        assertFalse(may(Attributes.resource(n1, "update", "", "v1", "secrets", "shop", "keys")));
        assertTrue(may(Attributes.resource(n1, "watch", "", "v1", "configmaps", "shop", "settings")));
        Attributes token = Attributes.resource(n1, "create", "", "v1", "serviceaccounts", "shop", "robot")
                .withSubresource("token");
        assertTrue(may(token));
        assertFalse(may(token.as(n2)));
        assertTrue(
                may(Attributes.resource(n1, "update", "coordination.k8s.io", "v1", "leases", "kube-node-lease", "n1")));
        assertFalse(
                may(Attributes.resource(n1, "update", "coordination.k8s.io", "v1", "leases", "kube-node-lease", "n2")));
        assertTrue(may(pods(n1, "list", "")));
    }

    @Test
    void nobodyGivesAwayWhatTheyLack() {
        var check = new EscalationCheck(all, rbac);
        String role =
                "{" + API + ",'kind':'Role','metadata':{'name':'r'},'rules':[{'apiGroups':[''],'resources':['%s'],"
                        + "'verbs':['get']}]}";
        check.validate(InMemory.create(role.formatted("pods"), JANE));
        ApiException e = assertThrows(
                ApiException.class, () -> check.validate(InMemory.create(role.formatted("secrets"), JANE)));
        assertEquals(403, e.code());
        assertTrue(
                e.getMessage()
                        .contains("is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"],"
                                + " Resources:[\"secrets\"], Verbs:[\"get\"]}"),
                e.getMessage());
        String binding = "{" + API + ",'kind':'RoleBinding','metadata':{'name':'b'},'roleRef':{'kind':'Role','name':"
                + "'%s'},'subjects':[]}";
        check.validate(InMemory.create(binding.formatted("reader"), JANE));
        memory.put(
                "{" + API + ",'kind':'Role','metadata':{'name':'boss','namespace':'shop'},'rules':[{'apiGroups':['*'],"
                        + "'resources':['*'],'verbs':['*']}]}");
        assertThrows(ApiException.class, () -> check.validate(InMemory.create(binding.formatted("boss"), JANE)));
    }

    @Test
    void actingAsSomebodyElseMustBeAllowed() {
        Map<String, List<String>> asRobot = Map.of("impersonate-user", List.of("system:serviceaccount:shop:robot"));
        assertEquals(
                403,
                assertThrows(ApiException.class, () -> Impersonation.apply(JANE, asRobot, all))
                        .code());
        UserInfo root = UserInfo.of("root", "system:masters");
        UserInfo robot = Impersonation.apply(root, asRobot, all);
        assertEquals("system:serviceaccount:shop:robot", robot.name());
        assertEquals(
                List.of("system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"),
                robot.groups());
        assertEquals(JANE, Impersonation.apply(JANE, Map.of(), all));
        assertEquals(
                400,
                assertThrows(
                                ApiException.class,
                                () -> Impersonation.apply(root, Map.of("impersonate-group", List.of("x")), all))
                        .code());
    }

    /** Each right that lacks is told by itself. */
    @Test
    void whoMayNotActAsAnotherIsToldWhatLacks() {
        memory.put("{" + API + ",'kind':'ClusterRole','metadata':{'name':'actor'},'rules':[{'apiGroups':[''],"
                + "'resources':['users'],'verbs':['impersonate'],'resourceNames':['bob']}]}");
        memory.put("{" + API + ",'kind':'ClusterRoleBinding','metadata':{'name':'actor'},'roleRef':{'apiGroup':"
                + "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'actor'},'subjects':[{'apiGroup':"
                + "'rbac.authorization.k8s.io','kind':'User','name':'jane'}]}");
        assertEquals(
                "bob",
                Impersonation.apply(JANE, Map.of("impersonate-user", List.of("bob")), all)
                        .name());
        assertEquals(
                "users \"eve\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API group \"\" at the"
                        + " cluster scope",
                refusedAs(Map.of("impersonate-user", List.of("eve"))));
        assertEquals(
                "groups \"g\" is forbidden: User \"jane\" cannot impersonate resource \"groups\" in API group \"\" at the"
                        + " cluster scope",
                refusedAs(Map.of("impersonate-user", List.of("bob"), "impersonate-group", List.of("g"))));
        assertEquals(
                "uids.authentication.k8s.io \"u\" is forbidden: User \"jane\" cannot impersonate resource \"uids\" in API"
                        + " group \"authentication.k8s.io\" at the cluster scope",
                refusedAs(Map.of("impersonate-user", List.of("bob"), "impersonate-uid", List.of("u"))));
        assertEquals(
                "userextras.authentication.k8s.io \"v\" is forbidden: User \"jane\" cannot impersonate resource"
                        + " \"userextras/a/b\" in API group \"authentication.k8s.io\" at the cluster scope",
                refusedAs(Map.of(
                        "impersonate-user",
                        List.of("bob"),
                        "impersonate-extra-a%2fb",
                        List.of("v"),
                        "impersonate-uid",
                        List.of("u"))));
        assertEquals(
                "serviceaccounts \"robot\" is forbidden: User \"jane\" cannot impersonate resource \"serviceaccounts\" in"
                        + " API group \"\" in the namespace \"shop\"",
                refusedAs(Map.of("impersonate-user", List.of("system:serviceaccount:shop:robot"))));
        assertTrue(refusedAs(Map.of("impersonate-user", List.of("system:serviceaccount:shop:no name")))
                .startsWith("users \"system:serviceaccount:shop:no name\" is forbidden"));
    }

    private String refusedAs(Map<String, List<String>> headers) {
        return assertThrows(ApiException.class, () -> Impersonation.apply(JANE, headers, all))
                .getMessage();
    }

    @Test
    void reviewsSayWhatIsWrongWithThem() {
        var reviews = new AccessReviews(all, rbac);
        String asked =
                "{'metadata':%s,'spec':{'user':'jane','resourceAttributes':{'verb':'list','resource':'pods',%s}}}";
        for (String[] wrong : new String[][] {
            {
                "{}",
                "'fieldSelector':{}",
                "spec.resourceAttributes.fieldSelector.requirements: Required value: when"
                        + " spec.resourceAttributes.fieldSelector is specified, requirements or rawSelector is required"
            },
            {
                "{}",
                "'labelSelector':{'rawSelector':'a','requirements':[{'key':'a','operator':'Later'}]}",
                "spec.resourceAttributes.labelSelector.rawSelector: Invalid value: \"a\": may not specified at the same"
                        + " time as requirements"
            },
            {
                "{}",
                "'fieldSelector':{'requirements':[{'key':'a','operator':'In'}]}",
                "spec.resourceAttributes.fieldSelector.requirements[0].values: Required value: must be specified when"
                        + " `operator` is 'In' or 'NotIn'"
            },
            {
                "{}",
                "'fieldSelector':{'requirements':[{'key':'a','operator':'Exists','values':['b']}]}",
                "spec.resourceAttributes.fieldSelector.requirements[0].values: Forbidden: may not be specified when"
                        + " `operator` is 'Exists' or 'DoesNotExist'"
            },
            {
                "{}",
                "'fieldSelector':{'requirements':[{'operator':'Exists'}]}",
                "spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified"
            },
            {"{'name':'x'}", "'name':''", "metadata: Invalid value: {\"name\":\"x\"}: must be empty"},
        }) {
            String message = assertThrows(
                            ApiException.class,
                            () -> reviews.subjectAccessReview(tree(asked.formatted(wrong[0], wrong[1]))))
                    .getMessage();
            assertEquals("SubjectAccessReview.authorization.k8s.io \"\" is invalid: " + wrong[2], message);
        }
        ObjectNode local = tree("{'metadata':{'namespace':'other'},'spec':{'user':'jane','resourceAttributes':"
                + "{'namespace':'shop','verb':'list','resource':'pods'}}}");
        assertEquals(
                400,
                assertThrows(ApiException.class, () -> reviews.localSubjectAccessReview("shop", local))
                        .code());
    }

    @Test
    void reviewsAnswer() {
        var reviews = new AccessReviews(all, rbac);
        ObjectNode review =
                tree("{'spec':{'user':'jane','groups':['developers'],'resourceAttributes':{'namespace':'shop',"
                        + "'verb':'list','resource':'pods'}}}");
        ObjectNode answer = reviews.subjectAccessReview(review);
        assertTrue(answer.path("status").path("allowed").asBoolean());
        assertEquals(
                "RBAC: allowed by RoleBinding \"readers/shop\" of Role \"reader\" to Group \"developers\"",
                Trees.text(answer, "status", "reason"));
        ObjectNode rules = reviews.selfSubjectRulesReview(tree("{'spec':{'namespace':'shop'}}"), JANE);
        assertEquals(
                "pods",
                Trees.at(rules, "status", "resourceRules")
                        .get(0)
                        .path("resources")
                        .get(0)
                        .asText());
        assertEquals(
                422,
                assertThrows(ApiException.class, () -> reviews.selfSubjectAccessReview(tree("{'spec':{}}"), JANE))
                        .code());
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
