package io.vertikube.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.Limits;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import io.vertikube.service.Certificates;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The group {@code metrics.k8s.io} over a kubelet that answers, one that hangs and one that is not there. */
@Timeout(60)
class UsageApiTest {

    private static final String API = "/apis/metrics.k8s.io/v1beta1";
    private static TestApi api;
    private static HttpServer kubelet;
    private static HttpServer hanging;
    private static long began;

    @BeforeAll
    static void start() {
        Limits limits = Limits.defaults();
        api = TestApi.start(ApiServerOptions.forTests()
                .withLimits(limits.withMetrics(new MetricsLimits(
                        Duration.ofSeconds(1),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(4),
                        8,
                        1 << 20))));
        began = System.nanoTime();
        kubelet = server().requestHandler(UsageApiTest::answer)
                .listen(0, "127.0.0.1")
                .await();
        hanging = server().requestHandler(request -> {}).listen(0, "127.0.0.1").await();
        node("good", kubelet.actualPort());
        node("hangs", hanging.actualPort());
        node("silent", 1);
        api.namespace("s");
        api.namespace("other");
        pod("s", "p", "web");
        pod("s", "unmeasured", "web");
        pod("other", "q", "db");
    }

    @AfterAll
    static void stop() {
        kubelet.close().await();
        hanging.close().await();
        api.close();
    }

    private static HttpServer server() {
        Certificates.Pair serving = api.server().sign("system:node:n", List.of("127.0.0.1"));
        return api.vertx()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertValue(
                                        Buffer.buffer(api.server().adminConfig().caPem())))
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(serving.certificate()))
                                .addKeyValue(Buffer.buffer(serving.key()))));
    }

    private static void node(String name, int port) {
        api.post("/api/v1/nodes", "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"n\":\"" + name + "\"}}}");
        api.patch(
                "/api/v1/nodes/" + name + "/status",
                "merge-patch+json",
                "{\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"127.0.0.1\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":" + port + "}}}}");
    }

    private static void pod(String namespace, String name, String app) {
        api.post(
                "/api/v1/namespaces/" + namespace + "/pods",
                "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"app\":\"" + app
                        + "\"}},\"spec\":{\"nodeName\":\"good\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    }

    /** Half a core since the test began. */
    private static void answer(HttpServerRequest request) {
        assertThat(request.path()).isEqualTo("/metrics/resource");
        double seconds = (System.nanoTime() - began) / 1e9;
        String labels = "{container=\"c\",namespace=\"%s\",pod=\"%s\"} ";
        var page = new StringBuilder("node_cpu_usage_seconds_total " + 2 * seconds + "\n");
        page.append("node_memory_working_set_bytes 3145728\n");
        for (String pod : List.of("s p", "other q", "other gone")) {
            String[] of = pod.split(" ");
            page.append("container_cpu_usage_seconds_total")
                    .append(labels.formatted(of[0], of[1]))
                    .append(seconds / 2)
                    .append("\ncontainer_memory_working_set_bytes")
                    .append(labels.formatted(of[0], of[1]))
                    .append("1234944\n");
        }
        request.response().end(page.toString());
    }

    private static List<String> names(Reply list) {
        assertThat(list.code()).as(list.text()).isEqualTo(200);
        return list.json().path("items").findValuesAsText("name").stream()
                .filter(name -> !name.equals("c"))
                .toList();
    }

    @Test
    void theFirstRequestIsAnsweredWithWhatCanBeMeasured() {
        assertThat(names(api.get(API + "/nodes"))).containsExactly("good");
        JsonNode node = api.get(API + "/nodes/good").json();
        assertThat(node.path("kind").asText()).isEqualTo("NodeMetrics");
        assertThat(node.path("usage").path("memory").asText()).isEqualTo("3Mi");
        assertThat(node.path("usage").path("cpu").asText()).matches("\\d+[num]?");
        assertThat(node.path("window").asText()).matches("[0-9.]+s");
        assertThat(node.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(node.path("metadata").path("labels").path("n").asText()).isEqualTo("good");
    }

    @Test
    void podsAreListedBySelectorsAndNamespaces() {
        assertThat(names(api.get(API + "/pods"))).containsExactly("q", "p");
        assertThat(names(api.get(API + "/namespaces/s/pods"))).containsExactly("p");
        assertThat(names(api.get(API + "/pods?labelSelector=app%3Ddb"))).containsExactly("q");
        assertThat(names(api.get(API + "/pods?fieldSelector=metadata.name%3Dp")))
                .containsExactly("p");
        assertThat(names(api.get(API + "/pods?fieldSelector=metadata.namespace!%3Ds")))
                .containsExactly("q");
        assertThat(api.get(API + "/pods?fieldSelector=spec.nodeName%3Dx").code())
                .isEqualTo(400);
        JsonNode pod = api.get(API + "/namespaces/s/pods/p").json();
        assertThat(pod.path("containers").path(0).path("usage").path("memory").asText())
                .isEqualTo("1206Ki");
        assertThat(api.get(API + "/pods").json().path("metadata").isEmpty()).isTrue();
        assertThat(api.get(API + "/pods").json().path("kind").asText()).isEqualTo("PodMetricsList");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(message("/namespaces/s/pods/unmeasured", 404))
                .isEqualTo("podmetrics.metrics.k8s.io \"s/unmeasured\" not found");
        assertThat(message("/namespaces/s/pods/none", 404)).isEqualTo("pods \"none\" not found");
        assertThat(message("/nodes/hangs", 404)).isEqualTo("nodemetrics.metrics.k8s.io \"hangs\" not found");
        assertThat(message("/nodes/none", 404)).isEqualTo("nodes \"none\" not found");
        assertThat(message("/pods?watch=true", 405)).contains("not allow");
        assertThat(api.post(API + "/namespaces/s/pods", "{}").code()).isEqualTo(405);
        assertThat(api.delete(API + "/nodes/good").code()).isEqualTo(405);
        assertThat(api.get(API + "/namespaces/s/nodes").code()).isEqualTo(404);
    }

    private static String message(String path, int code) {
        Reply reply = api.get(API + path);
        assertThat(reply.code()).as(reply.text()).isEqualTo(code);
        return reply.json().path("message").asText();
    }

    @Test
    void peopleSeeATable() {
        JsonNode table = api.get(API + "/namespaces/s/pods", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .json();
        assertThat(table.path("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "CPU", "Memory", "Window");
        assertThat(table.path("rows").path(0).path("cells").path(2).asText()).isEqualTo("1206Ki");
        assertThat(api.get(API + "/pods", "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
                        .json()
                        .path("items"))
                .hasSize(2);
        assertThat(api.get(API + "/pods", "Accept", "application/vnd.kubernetes.protobuf, */*")
                        .header("Content-Type"))
                .isEqualTo("application/json");
    }

    @Test
    void theGroupIsDiscoveredAndDescribed() {
        assertThat(api.get(API).json().path("resources").findValuesAsText("kind"))
                .containsExactly("NodeMetrics", "PodMetrics");
        Reply aggregated =
                api.get("/apis", "Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        assertThat(aggregated.json().path("items").findValuesAsText("name")).contains("metrics.k8s.io");
        JsonNode schemas = api.get("/openapi/v3/apis/metrics.k8s.io/v1beta1")
                .json()
                .path("components")
                .path("schemas");
        assertThat(schemas.path("io.k8s.metrics.v1beta1.PodMetrics")
                        .path("properties")
                        .path("containers")
                        .isObject())
                .isTrue();
        assertThat(api.get("/openapi/v2").json().path("definitions").has("io.k8s.metrics.v1beta1.NodeMetrics"))
                .isTrue();
    }

    @Test
    void theApiServiceIsLeftToWhoInstallsAServerOfHisOwn() {
        String path = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
        JsonNode ours = api.get(path).json();
        assertThat(ours.path("spec").path("groupPriorityMinimum").asInt()).isEqualTo(100);
        Reply taken = api.patch(
                path,
                "merge-patch+json",
                "{\"spec\":{\"service\":{\"name\":\"metrics-server\",\"namespace\":\"kube-system\"},"
                        + "\"insecureSkipTLSVerify\":true}}");
        assertThat(taken.code()).as(taken.text()).isEqualTo(200);
        assertThat(names(api.get(API + "/nodes"))).contains("good");
        assertThat(api.delete(path).code()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(api.get(path).code()).isEqualTo(200);
            assertThat(api.get(path).json().path("spec").has("service")).isFalse();
        });
    }

    @Test
    void readersOfANamespaceMayReadItsUsage() {
        var reader = api.client(api.server().clientConfig("reader"));
        api.post(
                "/apis/rbac.authorization.k8s.io/v1/namespaces/s/rolebindings",
                "{\"metadata\":{\"name\":\"r\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                        + "\"kind\":\"ClusterRole\",\"name\":\"view\"},"
                        + "\"subjects\":[{\"kind\":\"User\",\"name\":\"reader\"}]}");
        await().untilAsserted(() -> assertThat(api.send(reader, "GET", API + "/namespaces/s/pods", null)
                        .code())
                .isEqualTo(200));
        Reply refused = api.send(reader, "GET", API + "/nodes", null);
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("nodes.metrics.k8s.io is forbidden: User \"reader\" cannot list resource \"nodes\""
                        + " in API group \"metrics.k8s.io\" at the cluster scope");
    }
}
