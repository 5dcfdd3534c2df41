package io.vertikube.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.Limits;
import io.vertikube.apiserver.TestApi;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server under more requests than a level has seats for, and what its schemas say of themselves. */
final class FlowControlTest {

    private static final String FLOWS = "/apis/flowcontrol.apiserver.k8s.io/v1";
    private static final String ONE = "/api/v1/namespaces/default";
    private static final MeterRegistry METERS = new SimpleMeterRegistry();

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start(
                ApiServerOptions.forTests().withLimits(Limits.defaults().withInFlight(20, 10)), METERS);
        api.namespace("default");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static void level(String name, String response) {
        String body = "{'metadata':{'name':'" + name + "'},'spec':{'type':'Limited','limited':"
                + "{'nominalConcurrencyShares':1,'borrowingLimitPercent':0,'limitResponse':" + response + "}}}";
        assertThat(api.post(FLOWS + "/prioritylevelconfigurations", body.replace('\'', '"'))
                        .code())
                .isEqualTo(201);
    }

    private static void schema(String name, String user) {
        String body = "{'metadata':{'name':'" + name + "'},'spec':{'matchingPrecedence':50,"
                + "'priorityLevelConfiguration':{'name':'" + name + "'},'distinguisherMethod':{'type':'ByUser'},"
                + "'rules':[{'subjects':[{'kind':'User','user':{'name':'" + user + "'}}],'resourceRules':[{'verbs':"
                + "['*'],'apiGroups':['*'],'resources':['*'],'namespaces':['*'],'clusterScope':true}]}]}}";
        assertThat(api.post(FLOWS + "/flowschemas", body.replace('\'', '"')).code())
                .isEqualTo(201);
    }

    private static String dangling(String schema) {
        for (JsonNode condition :
                api.get(FLOWS + "/flowschemas/" + schema).json().at("/status/conditions")) {
            if (condition.path("type").asText().equals("Dangling")) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
            }
        }
        return "";
    }

    private static String uid(String path) {
        return api.get(FLOWS + path).json().at("/metadata/uid").asText();
    }

    @Test
    void answersNameTheSchemaAndTheLevelThatJudgedThem() {
        await().untilAsserted(() -> {
            TestApi.Reply reply = api.get("/api/v1/namespaces/default");
            assertThat(reply.header("X-Kubernetes-PF-FlowSchema-UID")).isEqualTo(uid("/flowschemas/exempt"));
            assertThat(reply.header("X-Kubernetes-PF-PriorityLevel-UID"))
                    .isEqualTo(uid("/prioritylevelconfigurations/exempt"));
        });
        assertThat(dangling("catch-all")).isEqualTo("False Found");
        assertThat(METERS.get("apiserver.flowcontrol.dispatched.requests")
                        .tag("flow_schema", "exempt")
                        .functionCounter()
                        .count())
                .isPositive();
    }

    @Test
    void aSchemaSaysWhetherItsLevelIsThere() {
        schema("later", "nobody");
        await().untilAsserted(() -> assertThat(dangling("later")).isEqualTo("True NotFound"));
        level("later", "{'type':'Reject'}");
        await().untilAsserted(() -> assertThat(dangling("later")).isEqualTo("False Found"));
    }

    /** A writer that does not end its request holds the only seat as long as it likes. */
    @Test
    void whatIsTooMuchIsRefusedOrWaitsAsTheLevelSays() {
        level("strict", "{'type':'Reject'}");
        schema("strict", "strict");
        level("patient", "{'type':'Queue','queuing':{'queues':2,'handSize':1,'queueLengthLimit':50}}");
        schema("patient", "patient");
        for (String user : List.of("strict", "patient")) {
            String binding = "{'metadata':{'name':'" + user + "'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                    + "'kind':'ClusterRole','name':'cluster-admin'},'subjects':[{'apiGroup':"
                    + "'rbac.authorization.k8s.io','kind':'User','name':'" + user + "'}]}";
            api.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding.replace('\'', '"'));
        }
        HttpClient strict = client("strict");
        try (var endless = endless(strict, "strict")) {
            TestApi.Reply reply = api.send(strict, "GET", ONE, null);
            assertThat(reply.code()).isEqualTo(429);
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.json().path("message").asText()).isEqualTo("Too many requests, please try again later.");
            assertThat(reply.header("X-Kubernetes-PF-FlowSchema-UID")).isEqualTo(uid("/flowschemas/strict"));
            assertThat(endless.getNumberOfSubscribers()).isEqualTo(1);
        }
        HttpClient patient = client("patient");
        List<CompletableFuture<TestApi.Reply>> more = new ArrayList<>();
        try (var endless = endless(patient, "patient")) {
            for (int i = 0; i < 3; i++) {
                more.add(CompletableFuture.supplyAsync(() -> api.send(patient, "GET", ONE, null)));
            }
            await().until(() -> gauge("current.inqueue.requests", "patient") == 3);
            assertThat(more).noneMatch(CompletableFuture::isDone);
            endless.closeExceptionally(new IllegalStateException("enough"));
        }
        assertThat(more.stream().map(CompletableFuture::join).map(TestApi.Reply::code))
                .containsOnly(200);
        assertThat(gauge("current.inqueue.requests", "patient")).isZero();
    }

    /** A watch takes seats only until it is under way, which is when it is counted as done. */
    @Test
    void howMuchARequestTakesAndForHowLongIsCounted() {
        long before = executions("watch");
        try (var watch = api.lines("/api/v1/namespaces?watch=true&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
            assertThat(watch.findFirst()).isPresent();
            await().until(() -> executions("watch") == before + 1);
            assertThat(gauge("current.executing.requests", "exempt")).isZero();
        }
        assertThat(executions("regular")).isPositive();
        assertThat(METERS.get("apiserver.flowcontrol.work.estimated.seats")
                        .tag("flow_schema", "exempt")
                        .tag("priority_level", "exempt")
                        .summary()
                        .max())
                .isEqualTo(1);
        for (String gauge : List.of(
                "lower.limit.seats",
                "upper.limit.seats",
                "demand.seats.high.watermark",
                "demand.seats.smoothed",
                "target.seats")) {
            METERS.get("apiserver.flowcontrol." + gauge)
                    .tag("priority_level", "catch-all")
                    .gauge();
        }
    }

    private static long executions(String type) {
        return METERS.get("apiserver.flowcontrol.request.execution")
                .tag("flow_schema", "exempt")
                .tag("type", type)
                .timer()
                .count();
    }

    private static HttpClient client(String user) {
        HttpClient client = api.client(api.server().clientConfig(user, "system:authenticated"));
        await().until(() -> api.send(client, "GET", ONE, null)
                .header("X-Kubernetes-PF-FlowSchema-UID")
                .equals(uid("/flowschemas/" + user)));
        return client;
    }

    private static double gauge(String name, String schema) {
        return METERS.get("apiserver.flowcontrol." + name)
                .tag("flow_schema", schema)
                .gauge()
                .value();
    }

    private static SubmissionPublisher<ByteBuffer> endless(HttpClient client, String schema) {
        var body = new SubmissionPublisher<ByteBuffer>();
        var request = HttpRequest.newBuilder(api.server().uri().resolve("/api/v1/namespaces/default/configmaps"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.fromPublisher(body))
                .build();
        var answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        body.submit(ByteBuffer.wrap("{".getBytes(StandardCharsets.UTF_8)));
        await().until(() -> gauge("current.executing.requests", schema) == 1);
        assertThat(answer).isNotDone();
        return body;
    }
}
