package io.vertikube.apiserver.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Built-in types that are asked for in another version than the one that is stored. */
class VersionsTest {

    private static final String V1 = "/apis/autoscaling/v1/namespaces/space/horizontalpodautoscalers";
    private static final String V2 = "/apis/autoscaling/v2/namespaces/space/horizontalpodautoscalers";
    private static final String CORE = "/api/v1/namespaces/space/events";
    private static final String NEWER = "/apis/events.k8s.io/v1/namespaces/space/events";

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("space");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String autoscaler(String name, String rest) {
        return "{\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"maxReplicas\":3,\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"d\"}"
                + rest + "}}";
    }

    @Test
    void anAutoscalerOfTheFirstVersionIsOneOfTheSecond() {
        assertThat(api.post(V1, autoscaler("cpu", ",\"targetCPUUtilizationPercentage\":60"))
                        .json()
                        .path("apiVersion")
                        .asText())
                .isEqualTo("autoscaling/v1");
        JsonNode second = api.get(V2 + "/cpu").json();
        assertThat(second.path("apiVersion").asText()).isEqualTo("autoscaling/v2");
        assertThat(second.at("/spec/metrics/0"))
                .isEqualTo(
                        tree(
                                "{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":60}}}"));
        assertThat(second.path("spec").has("targetCPUUtilizationPercentage")).isFalse();
        JsonNode changed = api.patch(
                        V1 + "/cpu", "merge-patch+json", "{\"spec\":{\"targetCPUUtilizationPercentage\":70}}")
                .json();
        assertThat(changed.path("spec").path("targetCPUUtilizationPercentage").asInt())
                .isEqualTo(70);
        assertThat(api.get(V2 + "/cpu")
                        .json()
                        .at("/spec/metrics/0/resource/target/averageUtilization")
                        .asInt())
                .isEqualTo(70);
        assertThat(api.get(V1).json().at("/items/0/apiVersion").asText()).isEqualTo("autoscaling/v1");
    }

    @Test
    void whatTheFirstVersionCannotSayStandsInAnnotations() {
        api.post(
                V2,
                autoscaler(
                        "rich",
                        ",\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"target\":{\"type\":\"AverageValue\",\"averageValue\":\"1Gi\"}}},"
                                + "{\"type\":\"Pods\",\"pods\":{\"metric\":{\"name\":\"rps\"},\"target\":{\"type\":\"AverageValue\",\"averageValue\":\"5\"}}},"
                                + "{\"type\":\"Object\",\"object\":{\"metric\":{\"name\":\"hits\"},\"describedObject\":{\"kind\":\"Service\",\"name\":\"s\",\"apiVersion\":\"v1\"},\"target\":{\"type\":\"Value\",\"value\":\"7\"}}}],"
                                + "\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":60}}"));
        JsonNode before = api.get(V2 + "/rich").json();
        JsonNode first = api.get(V1 + "/rich").json();
        JsonNode annotations = first.at("/metadata/annotations");
        assertThat(tree("{\"m\":"
                                + annotations
                                        .path("autoscaling.alpha.kubernetes.io/metrics")
                                        .asText() + "}")
                        .path("m"))
                .isEqualTo(
                        tree("{\"m\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"targetAverageValue\":\"1Gi\"}},"
                                        + "{\"type\":\"Pods\",\"pods\":{\"metricName\":\"rps\",\"targetAverageValue\":\"5\"}},"
                                        + "{\"type\":\"Object\",\"object\":{\"metricName\":\"hits\",\"target\":{\"kind\":\"Service\",\"name\":\"s\",\"apiVersion\":\"v1\"},\"targetValue\":\"7\"}}]}")
                                .path("m"));
        assertThat(annotations.path("autoscaling.alpha.kubernetes.io/behavior").asText())
                .contains("\"ScaleDown\":{\"StabilizationWindowSeconds\":60");
        // Written back as it is, nothing is lost.
        ObjectNode again = first.deepCopy();
        again.withObject("/spec").put("maxReplicas", 4);
        assertThat(api.put(V1 + "/rich", again.toString()).code()).isEqualTo(200);
        JsonNode after = api.get(V2 + "/rich").json();
        assertThat(after.at("/spec/metrics")).isEqualTo(before.at("/spec/metrics"));
        assertThat(after.at("/spec/behavior")).isEqualTo(before.at("/spec/behavior"));
        assertThat(after.at("/metadata").has("annotations")).isFalse();
    }

    private static String event(String name, String space) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"" + space
                + "\",\"name\":\"" + name
                + "\"},\"reason\":\"Because\",\"message\":\"words\",\"type\":\"Normal\",\"count\":2}";
    }

    @Test
    void eventsAreTheSameInBothGroups() {
        assertThat(api.post(CORE, event("one", "space")).code()).isEqualTo(201);
        JsonNode newer = api.get(NEWER + "/one").json();
        assertThat(newer.path("apiVersion").asText()).isEqualTo("events.k8s.io/v1");
        assertThat(newer.path("note").asText()).isEqualTo("words");
        assertThat(newer.path("regarding").path("name").asText()).isEqualTo("one");
        assertThat(newer.path("deprecatedCount").asInt()).isEqualTo(2);
        assertThat(newer.has("message")).isFalse();
        assertThat(newer.path("metadata").path("uid"))
                .isEqualTo(api.get(CORE + "/one").json().path("metadata").path("uid"));

        ObjectNode made = newer.deepCopy();
        made.putObject("metadata").put("name", "two");
        made.withObject("/regarding").put("name", "two");
        assertThat(api.post(NEWER, made.toString()).code()).isEqualTo(201);
        assertThat(api.get(CORE + "/two").json().path("message").asText()).isEqualTo("words");
        assertThat(api.get(NEWER + "?fieldSelector=regarding.name%3Dtwo").json().path("items"))
                .hasSize(1);
        assertThat(api.get(CORE + "?fieldSelector=involvedObject.name%3Dtwo")
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(api.get(NEWER + "?fieldSelector=involvedObject.name%3Dtwo").code())
                .isEqualTo(400);
        assertThat(api.get(NEWER + "?limit=1").json().path("items")).hasSize(1);
        assertThat(api.delete(NEWER + "/two").code()).isEqualTo(200);
        assertThat(api.get(CORE + "/two").code()).isEqualTo(404);
    }

    @Test
    void watchersAreToldInTheirVersion() {
        api.namespace("watched");
        String core = "/api/v1/namespaces/watched/events";
        String newer = "/apis/events.k8s.io/v1/namespaces/watched/events";
        api.post(core, event("first", "watched"));
        List<JsonNode> told = new ArrayList<>();
        try (Stream<String> lines = api.lines(newer + "?watch=true&resourceVersion=0")) {
            var events = lines.iterator();
            told.add(tree(events.next()));
            api.post(core, event("second", "watched"));
            told.add(tree(events.next()));
            api.patch(core + "/second", "merge-patch+json", "{\"message\":\"other\"}");
            told.add(tree(events.next()));
            api.delete(core + "/second");
            told.add(tree(events.next()));
        }
        assertThat(told.stream().map(t -> t.path("type").asText()))
                .containsExactly("ADDED", "ADDED", "MODIFIED", "DELETED");
        assertThat(told)
                .allSatisfy(t -> assertThat(t.at("/object/apiVersion").asText()).isEqualTo("events.k8s.io/v1"));
        assertThat(told.get(2).at("/object/note").asText()).isEqualTo("other");
        assertThat(told.get(3).at("/object/note").asText()).isEqualTo("other");
    }
}
