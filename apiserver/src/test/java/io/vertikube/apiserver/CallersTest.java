package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in, and what the others are told. */
class CallersTest {

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aCallerWithoutCredentialsIsRefused() {
        TestApi.Reply reply = api.send(api.stranger(), "GET", "/api/v1/pods", null);
        assertThat(reply.code()).isEqualTo(401);
        assertThat(reply.json().path("kind").asText()).isEqualTo("Status");
        assertThat(reply.json().path("message").asText()).isEqualTo("Unauthorized");
    }

    @Test
    void aWrongTokenIsRefused() {
        assertThat(api.send(api.stranger(), "GET", "/api/v1/pods", null, "Authorization", "Bearer nope")
                        .code())
                .isEqualTo(401);
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() {
        var other =
                Certificates.create("kubernetes", InstantSource.system()).client("admin", List.of("system:masters"));
        KubeConfig config = KubeConfig.withCertificate(
                api.server().uri(), api.server().adminConfig().caPem(), other.certificate(), other.key());
        assertThat(api.send(api.client(config), "GET", "/api/v1/pods", null).code())
                .isEqualTo(401);
    }

    @Test
    void whetherTheServerIsHealthyIsToldToEverybody() {
        for (String path : List.of("/healthz", "/livez", "/readyz", "/livez/ping", "/livez/etcd")) {
            assertThat(api.send(api.stranger(), "GET", path, null).text()).isEqualTo("ok");
        }
        assertThat(api.send(api.stranger(), "GET", "/readyz?verbose", null).text())
                .contains("[+]ping ok")
                .contains("readyz check passed");
        assertThat(api.send(api.stranger(), "GET", "/livez?verbose", null).text())
                .isEqualTo("[+]etcd ok\n[+]ping ok\n[+]poststarthook/bootstrap ok\nlivez check passed\n");
        assertThat(api.send(api.stranger(), "GET", "/metrics", null).code()).isEqualTo(401);
    }

    @Test
    void aStrangerToRolesIsForbiddenInKubernetesWords() {
        var carol = api.client(api.server().clientConfig("carol", "dev"));
        TestApi.Reply reply = api.send(carol, "GET", "/api/v1/namespaces/default/pods", null);
        assertThat(reply.code()).isEqualTo(403);
        assertThat(reply.json().path("message").asText())
                .isEqualTo("pods is forbidden: User \"carol\" cannot list resource \"pods\" in API group \"\" in the"
                        + " namespace \"default\"");
    }

    @Test
    void somebodyElseMayBePlayedByWhoMay() {
        assertThat(api.get("/api/v1/namespaces/default/pods", "Impersonate-User", "carol")
                        .code())
                .isEqualTo(403);
    }

    @Test
    void anAccountsTokenIsAnIdentity() {
        api.namespace("tokens");
        TestApi.Reply issued = api.post("/api/v1/namespaces/tokens/serviceaccounts/default/token", "{\"spec\":{}}");
        assertThat(issued.code()).isEqualTo(201);
        String token = issued.json().path("status").path("token").asText();
        TestApi.Reply who = api.send(
                api.stranger(),
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                "{}",
                "Content-Type",
                "application/json",
                "Authorization",
                "Bearer " + token);
        assertThat(who.json().path("status").path("userInfo").path("username").asText())
                .isEqualTo("system:serviceaccount:tokens:default");
    }

    @Test
    void aClusterScopedObjectIsNotReachedThroughANamespace() {
        assertThat(api.get("/api/v1/namespaces/default/nodes").code()).isEqualTo(404);
        assertThat(api.get("/api/v1/namespaces/default/clusterroles/x").code()).isEqualTo(404);
    }

    @Test
    void aNamespaceIsNotReachedThroughAnotherWhoseRightsDoNotReachIt() {
        api.namespace("inner");
        String through = "/api/v1/namespaces/default/namespaces";
        assertThat(api.get(through).code()).isEqualTo(404);
        assertThat(api.get(through + "/inner").code()).isEqualTo(404);
        assertThat(api.get(through + "/inner/status").code()).isEqualTo(404);
        assertThat(api.get("/api/v1/watch/namespaces/default/namespaces").code())
                .isEqualTo(404);
        assertThat(api.post(through, "{\"metadata\":{\"name\":\"sneaked\"}}").code())
                .isEqualTo(404);
        assertThat(api.delete(through + "/inner").code()).isEqualTo(404);
        assertThat(api.get("/api/v1/namespaces/inner")
                        .json()
                        .at("/status/phase")
                        .asText())
                .isEqualTo("Active");
    }

    @Test
    void pathsAndMethodsNobodyServes() {
        assertThat(api.get("/nothing").code()).isEqualTo(404);
        assertThat(api.get("/api/v1/namespaces/default/pods/p/nothing").code()).isEqualTo(404);
        assertThat(api.get("/apis/none.io/v1/things").code()).isEqualTo(404);
        assertThat(api.post("/api/v1/pods", "{}").code()).isEqualTo(405);
        assertThat(api.delete("/api/v1/namespaces").code()).isEqualTo(405);
        assertThat(api.put("/api/v1/namespaces/default/pods", "{}").code()).isEqualTo(405);
    }
}
