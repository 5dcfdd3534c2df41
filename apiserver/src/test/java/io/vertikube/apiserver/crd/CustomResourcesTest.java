package io.vertikube.apiserver.crd;

import static io.vertikube.apiserver.crd.Definitions.PATH;
import static io.vertikube.apiserver.crd.Definitions.establish;
import static io.vertikube.apiserver.crd.Definitions.eventually;
import static io.vertikube.apiserver.crd.Definitions.simple;
import static io.vertikube.apiserver.crd.Definitions.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Definitions over real HTTPS: what they serve, and how they come and go. */
class CustomResourcesTest {

    private static final String SPEC = """
            {"type": "object", "properties": {
               "size": {"type": "integer", "default": 3},
               "color": {"type": "string"},
               "replicas": {"type": "integer"},
               "ports": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                  "items": {"type": "object", "required": ["name"],
                     "properties": {"name": {"type": "string"}, "port": {"type": "integer"}}}},
               "any": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
               "template": {"type": "object", "x-kubernetes-embedded-resource": true,
                  "properties": {"spec": {"type": "object", "properties": {"a": {"type": "string"}}}}},
               "limit": {"x-kubernetes-int-or-string": true}}}""";

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

    private static String objects(String group, String plural) {
        return "/apis/" + group + "/v1/namespaces/space/" + plural;
    }

    private static String object(String group, String kind, String name, String spec) {
        return "{\"apiVersion\":\"%s/v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"},\"spec\":%s}"
                .formatted(group, kind, name, spec);
    }

    @Test
    void aDefinitionIsEstablishedAndServed() {
        JsonNode definition = establish(api, simple("life.example.com", "widgets", "Widget", SPEC));
        assertThat(definition.path("spec").path("names").path("singular").asText())
                .isEqualTo("widget");
        assertThat(definition.path("spec").path("names").path("listKind").asText())
                .isEqualTo("WidgetList");
        assertThat(definition.path("spec").path("conversion").path("strategy").asText())
                .isEqualTo("None");
        assertThat(definition.path("status").path("storedVersions").path(0).asText())
                .isEqualTo("v1");
        assertThat(definition.path("status").path("acceptedNames").path("kind").asText())
                .isEqualTo("Widget");

        String widgets = objects("life.example.com", "widgets");
        Reply created = api.post(
                widgets,
                object("life.example.com", "Widget", "one", "{\"color\":\"red\",\"unknown\":1,\"limit\":\"5%\"}"));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        assertThat(created.json().path("spec")).isEqualTo(tree("{\"color\":\"red\",\"limit\":\"5%\",\"size\":3}"));
        assertThat(created.json().path("metadata").path("generation").asInt()).isEqualTo(1);
        assertThat(api.get(widgets + "/one").json()).isEqualTo(created.json());
        JsonNode list = api.get(widgets).json();
        assertThat(list.path("kind").asText()).isEqualTo("WidgetList");
        assertThat(list.path("items")).hasSize(1);
        assertThat(api.delete(widgets + "/one").code()).isEqualTo(200);
        assertThat(api.get(widgets + "/one").code()).isEqualTo(404);
    }

    @Test
    void unknownFieldsAreRefusedOrWarnedOfAsAsked() {
        establish(api, simple("strict.example.com", "widgets", "Widget", SPEC));
        String widgets = objects("strict.example.com", "widgets");
        String body = object(
                "strict.example.com",
                "Widget",
                "one",
                "{\"colour\":\"red\",\"template\":{\"apiVersion\":"
                        + "\"v1\",\"kind\":\"X\",\"metadata\":{\"name\":\"n\",\"nonsense\":1},\"spec\":{\"b\":1}}}");
        Reply refused = api.post(widgets + "?fieldValidation=Strict", body);
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.text())
                .contains("strict decoding error")
                .contains("unknown field \\\"spec.colour\\\"")
                .contains("unknown field \\\"spec.template.metadata.nonsense\\\"")
                .contains("unknown field \\\"spec.template.spec.b\\\"");
        Reply warned = api.post(widgets + "?fieldValidation=Warn", body);
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.headers().allValues("Warning")).hasSize(3);
        assertThat(warned.json().path("spec").path("template").path("metadata")).isEqualTo(tree("{\"name\":\"n\"}"));
        assertThat(api.post(widgets + "?fieldValidation=Ignore", body.replace("\"one\"", "\"two\""))
                        .headers()
                        .allValues("Warning"))
                .isEmpty();
    }

    @Test
    void metadataOfTheWrongTypeIsNoObject() {
        establish(api, simple("meta.example.com", "widgets", "Widget", SPEC));
        Reply refused = api.post(
                objects("meta.example.com", "widgets"),
                "{\"apiVersion\":\"meta.example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":1}}}");
        assertThat(refused.code()).as(refused.text()).isEqualTo(400);
    }

    @Test
    void patchesOfEveryKindButStrategicMerge() {
        establish(api, simple("patch.example.com", "widgets", "Widget", SPEC));
        String one = objects("patch.example.com", "widgets") + "/one";
        api.post(objects("patch.example.com", "widgets"), object("patch.example.com", "Widget", "one", "{}"));
        Reply merged = api.patch(one, "merge-patch+json", "{\"spec\":{\"color\":\"blue\"}}");
        assertThat(merged.json().path("metadata").path("generation").asInt()).isEqualTo(2);
        assertThat(api.patch(one, "json-patch+json", "[{\"op\":\"remove\",\"path\":\"/spec/color\"}]")
                        .code())
                .isEqualTo(200);
        Reply strategic = api.patch(one, "strategic-merge-patch+json", "{\"spec\":{\"color\":\"blue\"}}");
        assertThat(strategic.code()).isEqualTo(415);
        assertThat(strategic.json().path("message").asText())
                .isEqualTo("the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    @Test
    void appliersShareListsByTheirKeys() {
        establish(api, simple("apply.example.com", "widgets", "Widget", SPEC));
        String one = objects("apply.example.com", "widgets") + "/one";
        String config = object("apply.example.com", "Widget", "one", "{\"ports\":[{\"name\":\"%s\",\"port\":%d}]}");
        Reply created = api.patch(one + "?fieldManager=a", "apply-patch+yaml", config.formatted("http", 80));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        Reply added = api.patch(one + "?fieldManager=b", "apply-patch+yaml", config.formatted("dns", 53));
        assertThat(added.json().path("spec").path("ports")).hasSize(2);
        Reply conflict = api.patch(one + "?fieldManager=b", "apply-patch+yaml", config.formatted("http", 81));
        assertThat(conflict.code()).isEqualTo(409);
        assertThat(conflict.json()
                        .path("details")
                        .path("causes")
                        .path(0)
                        .path("field")
                        .asText())
                .isEqualTo(".spec.ports[name=\"http\"].port");
        Reply removed = api.patch(
                one + "?fieldManager=b", "apply-patch+yaml", object("apply.example.com", "Widget", "one", "{}"));
        assertThat(removed.json().path("spec").path("ports")).hasSize(1);
    }

    @Test
    void anUpdateNeedsTheRevisionItHasSeen() {
        establish(api, simple("put.example.com", "widgets", "Widget", SPEC));
        String widgets = objects("put.example.com", "widgets");
        api.post(widgets, object("put.example.com", "Widget", "one", "{}"));
        Reply refused = api.put(widgets + "/one", object("put.example.com", "Widget", "one", "{\"size\":4}"));
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("metadata.resourceVersion").contains("must be specified for an update");
    }

    @Test
    void statusHasItsOwnWay() {
        ObjectNode definition = simple("status.example.com", "widgets", "Widget", SPEC);
        ((ObjectNode) definition.at("/spec/versions/0"))
                .putObject("subresources")
                .putObject("status");
        establish(api, definition);
        String widgets = objects("status.example.com", "widgets");
        ObjectNode made = tree(object("status.example.com", "Widget", "one", "{}"));
        made.putObject("status").put("phase", "new");
        assertThat(api.post(widgets, made.toString()).json().has("status")).isFalse();
        JsonNode changed = api.patch(
                        widgets + "/one/status",
                        "merge-patch+json",
                        "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"size\":9},\"status\":{\"phase\":\"up\"}}")
                .json();
        assertThat(changed.path("status").path("phase").asText()).isEqualTo("up");
        assertThat(changed.at("/metadata/managedFields").findValues("f:labels")).isEmpty();
        assertThat(changed.path("spec").path("size").asInt()).isEqualTo(3);
        assertThat(changed.path("metadata").has("labels")).isFalse();
        assertThat(changed.path("metadata").path("generation").asInt()).isEqualTo(1);
        JsonNode kept = api.patch(widgets + "/one", "merge-patch+json", "{\"status\":{\"phase\":\"down\"}}")
                .json();
        assertThat(kept.path("status").path("phase").asText()).isEqualTo("up");
    }

    @Test
    void statusWithoutAWayOfItsOwnCountsAsSpec() {
        establish(api, simple("plain.example.com", "widgets", "Widget", SPEC));
        String widgets = objects("plain.example.com", "widgets");
        api.post(widgets, object("plain.example.com", "Widget", "one", "{}"));
        JsonNode changed = api.patch(widgets + "/one", "merge-patch+json", "{\"status\":{\"phase\":\"up\"}}")
                .json();
        assertThat(changed.path("metadata").path("generation").asInt()).isEqualTo(2);
        assertThat(api.get(widgets + "/one/status").code()).isEqualTo(404);
    }

    @Test
    void scaleIsFoundWhereTheDefinitionSays() {
        ObjectNode definition = simple("scale.example.com", "widgets", "Widget", SPEC);
        ObjectNode subresources = ((ObjectNode) definition.at("/spec/versions/0")).putObject("subresources");
        subresources.putObject("status");
        subresources
                .putObject("scale")
                .put("specReplicasPath", ".spec.replicas")
                .put("statusReplicasPath", ".status.ready")
                .put("labelSelectorPath", ".status.selector");
        establish(api, definition);
        String one = objects("scale.example.com", "widgets") + "/one";
        api.post(objects("scale.example.com", "widgets"), object("scale.example.com", "Widget", "one", "{}"));
        Reply none = api.get(one + "/scale");
        assertThat(none.code()).isEqualTo(500);
        assertThat(none.text()).contains("the spec replicas field \\\".spec.replicas\\\" does not exist");
        api.patch(one, "merge-patch+json", "{\"spec\":{\"replicas\":2}}");
        api.patch(one + "/status", "merge-patch+json", "{\"status\":{\"ready\":1,\"selector\":\"app=w\"}}");
        JsonNode scale = api.get(one + "/scale").json();
        assertThat(scale.path("kind").asText()).isEqualTo("Scale");
        assertThat(scale.path("spec")).isEqualTo(tree("{\"replicas\":2}"));
        assertThat(scale.path("status")).isEqualTo(tree("{\"replicas\":1,\"selector\":\"app=w\"}"));
        assertThat(api.patch(one + "/scale", "merge-patch+json", "{\"spec\":{\"replicas\":5}}")
                        .code())
                .isEqualTo(200);
        assertThat(api.get(one).json().path("spec").path("replicas").asInt()).isEqualTo(5);
    }

    @Test
    void printerColumnsMakeTheTable() {
        ObjectNode definition = simple("table.example.com", "widgets", "Widget", SPEC);
        ((ObjectNode) definition.at("/spec/versions/0"))
                .putArray("additionalPrinterColumns")
                .addObject()
                .put("name", "Color")
                .put("type", "string")
                .put("jsonPath", ".spec.color");
        establish(api, definition);
        String widgets = objects("table.example.com", "widgets");
        api.post(widgets, object("table.example.com", "Widget", "one", "{\"color\":\"red\"}"));
        JsonNode table = api.get(widgets, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .json();
        assertThat(table.path("columnDefinitions").path(1).path("name").asText())
                .isEqualTo("Color");
        assertThat(table.path("rows").path(0).path("cells").toString()).isEqualTo("[\"one\",\"red\"]");
    }

    @Test
    void fieldsMayBeSelectedByOnceTheDefinitionSaysSo() {
        ObjectNode definition = simple("select.example.com", "widgets", "Widget", SPEC);
        JsonNode made = establish(api, definition);
        String widgets = objects("select.example.com", "widgets");
        api.post(widgets, object("select.example.com", "Widget", "one", "{\"color\":\"red\"}"));
        api.post(widgets, object("select.example.com", "Widget", "two", "{\"color\":\"blue\"}"));
        assertThat(api.get(widgets + "?fieldSelector=spec.color%3Dred").code()).isEqualTo(400);
        ObjectNode changed = made.deepCopy();
        ((ObjectNode) changed.at("/spec/versions/0"))
                .putArray("selectableFields")
                .addObject()
                .put("jsonPath", ".spec.color");
        assertThat(api.put(PATH + "/widgets.select.example.com", changed.toString())
                        .code())
                .isEqualTo(200);
        eventually(() -> api.get(widgets + "?fieldSelector=spec.color%3Dred").code() == 200);
        JsonNode items =
                api.get(widgets + "?fieldSelector=spec.color%3Dred").json().path("items");
        assertThat(items).hasSize(1);
        assertThat(items.path(0).path("metadata").path("name").asText()).isEqualTo("one");
    }

    @Test
    void discoveryAndDocumentsFollow() {
        ObjectNode definition = simple("seen.example.com", "widgets", "Widget", SPEC);
        definition.withObject("/spec/names").putArray("shortNames").add("wd");
        definition.withObject("/spec/names").putArray("categories").add("all");
        String before = api.get("/openapi/v2").header("ETag");
        establish(api, definition);
        JsonNode resource =
                api.get("/apis/seen.example.com/v1").json().path("resources").path(0);
        assertThat(resource.path("name").asText()).isEqualTo("widgets");
        assertThat(resource.path("shortNames").path(0).asText()).isEqualTo("wd");
        assertThat(resource.path("categories").path(0).asText()).isEqualTo("all");
        assertThat(resource.path("storageVersionHash").asText()).isNotEmpty();
        assertThat(api.get("/apis", "Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                        .text())
                .contains("seen.example.com");
        assertThat(api.get("/openapi/v3").text()).contains("apis/seen.example.com/v1");
        JsonNode document = api.get("/openapi/v3/apis/seen.example.com/v1").json();
        JsonNode schema = document.at("/components/schemas/com.example.seen.v1.Widget");
        assertThat(schema.at("/properties/spec/properties/size/default").asInt())
                .isEqualTo(3);
        assertThat(api.get("/openapi/v2").header("ETag")).isNotEqualTo(before);
        assertThat(api.get("/openapi/v2").text()).contains("com.example.seen.v1.Widget");

        assertThat(api.delete(PATH + "/widgets.seen.example.com").code()).isEqualTo(200);
        eventually(() -> api.get("/apis/seen.example.com").code() == 404);
        assertThat(api.get("/openapi/v3").text()).doesNotContain("seen.example.com");
        assertThat(api.get(objects("seen.example.com", "widgets")).code()).isEqualTo(404);
    }

    @Test
    void theDefinitionGoesAfterItsInstances() throws Exception {
        establish(api, simple("end.example.com", "widgets", "Widget", SPEC));
        String widgets = objects("end.example.com", "widgets");
        api.post(widgets, object("end.example.com", "Widget", "free", "{}"));
        ObjectNode held = tree(object("end.example.com", "Widget", "held", "{}"));
        held.withObject("/metadata").putArray("finalizers").add("example.com/hold");
        api.post(widgets, held.toString());
        List<String> seen = new ArrayList<>();
        String from =
                api.get(widgets).json().path("metadata").path("resourceVersion").asText();
        CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> {
            try (Stream<String> lines = api.lines(widgets + "?watch=true&resourceVersion=" + from)) {
                lines.forEach(seen::add);
            }
        });
        JsonNode deleted = api.delete(PATH + "/widgets.end.example.com").json();
        assertThat(deleted.path("metadata").path("finalizers").path(0).asText())
                .isEqualTo("customresourcecleanup.apiextensions.k8s.io");
        eventually(() -> api.get(widgets + "/free").code() == 404);
        JsonNode waiting = api.get(widgets + "/held").json();
        assertThat(waiting.path("metadata").has("deletionTimestamp")).isTrue();
        Reply refused = api.post(widgets, object("end.example.com", "Widget", "late", "{}"));
        assertThat(refused.code()).isEqualTo(405);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("create not allowed while custom resource definition is terminating");
        assertThat(Definitions.condition(
                        api.get(PATH + "/widgets.end.example.com").json(), "Terminating"))
                .isEqualTo("True");
        assertThat(api.patch(widgets + "/held", "merge-patch+json", "{\"metadata\":{\"finalizers\":null}}")
                        .code())
                .isEqualTo(200);
        eventually(() -> api.get(PATH + "/widgets.end.example.com").code() == 404);
        eventually(() -> api.get(widgets).code() == 404);
        watching.get();
        assertThat(seen).anyMatch(line -> line.startsWith("{\"type\":\"DELETED\"") && line.contains("\"held\""));
    }

    @Test
    void namesInUseAreNotGivenTwice() {
        ObjectNode first = simple("names.example.com", "widgets", "Widget", SPEC);
        first.withObject("/spec/names").putArray("shortNames").add("wd");
        establish(api, first);
        ObjectNode second = simple("names.example.com", "wedges", "Wedge", SPEC);
        second.withObject("/spec/names").putArray("shortNames").add("wd");
        api.post(PATH, second.toString());
        String path = PATH + "/wedges.names.example.com";
        eventually(() ->
                Definitions.condition(api.get(path).json(), "NamesAccepted").equals("False"));
        JsonNode refused = api.get(path).json();
        assertThat(Definitions.condition(refused, "Established")).isEqualTo("False");
        assertThat(refused.toString()).contains("ShortNamesConflict").contains("\\\"wd\\\" is already in use");
        assertThat(api.get(objects("names.example.com", "wedges")).code()).isEqualTo(404);
        api.delete(PATH + "/widgets.names.example.com");
        eventually(
                () -> Definitions.condition(api.get(path).json(), "Established").equals("True"));
    }

    @Test
    void aVersionThatIsDeprecatedWarns() {
        ObjectNode definition = simple("old.example.com", "widgets", "Widget", SPEC);
        ((ObjectNode) definition.at("/spec/versions/0")).put("deprecated", true);
        establish(api, definition);
        assertThat(api.get(objects("old.example.com", "widgets")).header("Warning"))
                .isEqualTo("299 - \"old.example.com/v1 Widget is deprecated\"");
    }

    @Test
    void valuesAreHeldAgainstTheSchema() {
        establish(
                api,
                simple(
                        "values.example.com",
                        "widgets",
                        "Widget",
                        "{\"type\":\"object\",\"required\":[\"size\"],\"properties\":{\"size\":{\"type\":\"integer\",\"maximum\":9},\"color\":{\"type\":\"string\",\"enum\":[\"red\",\"blue\"]}}}"));
        String widgets = objects("values.example.com", "widgets");
        Reply refused =
                api.post(widgets, object("values.example.com", "Widget", "one", "{\"size\":10,\"color\":\"pink\"}"));
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text())
                .contains("spec.size in body should be less than or equal to 9")
                .contains("spec.color: Unsupported value: \\\"pink\\\": supported values: \\\"red\\\", \\\"blue\\\"");
        assertThat(api.post(widgets, object("values.example.com", "Widget", "one", "{\"color\":\"red\"}"))
                        .text())
                .contains("spec.size: Required value");
        assertThat(api.post(widgets, object("values.example.com", "Widget", "one", "{\"size\":\"big\"}"))
                        .text())
                .contains("spec.size in body must be of type integer");
    }
}
