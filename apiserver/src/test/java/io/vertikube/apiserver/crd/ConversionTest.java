package io.vertikube.apiserver.crd;

import static io.vertikube.apiserver.crd.Definitions.PATH;
import static io.vertikube.apiserver.crd.Definitions.definition;
import static io.vertikube.apiserver.crd.Definitions.establish;
import static io.vertikube.apiserver.crd.Definitions.eventually;
import static io.vertikube.apiserver.crd.Definitions.tree;
import static io.vertikube.apiserver.crd.Definitions.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Definitions with several versions, with and without a webhook that converts. */
class ConversionTest {

    private static final String OPEN = "{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}";

    private static TestApi api;
    private static ConvertingServer webhook;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("space");
        webhook = ConvertingServer.start(api);
    }

    @AfterAll
    static void stop() {
        webhook.close();
        api.close();
    }

    private static String objects(String group, String version) {
        return "/apis/" + group + "/" + version + "/namespaces/space/hosts";
    }

    private static String host(String apiVersion, String name, String spec) {
        return "{\"apiVersion\":\"%s\",\"kind\":\"Host\",\"metadata\":{\"name\":\"%s\"},\"spec\":%s}"
                .formatted(apiVersion, name, spec);
    }

    private static ObjectNode withWebhook(String group) {
        ObjectNode definition =
                definition(group, "hosts", "Host", version("v1", true, OPEN), version("v2", false, OPEN));
        ObjectNode conversion = definition.withObject("/spec/conversion").put("strategy", "Webhook");
        ObjectNode hook = conversion.putObject("webhook");
        hook.putArray("conversionReviewVersions").add("v1");
        hook.set("clientConfig", webhook.clientConfig());
        return definition;
    }

    @Test
    void withoutAConverterOnlyTheVersionDiffers() {
        establish(
                api,
                definition(
                        "none.example.com",
                        "hosts",
                        "Host",
                        version("v1", true, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"),
                        version(
                                "v2",
                                false,
                                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}}}")));
        String first = objects("none.example.com", "v1");
        String second = objects("none.example.com", "v2");
        Reply created = api.post(second, host("none.example.com/v2", "h", "{\"a\":\"1\",\"b\":\"2\"}"));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        JsonNode seen = api.get(first + "/h").json();
        assertThat(seen.path("apiVersion").asText()).isEqualTo("none.example.com/v1");
        assertThat(seen.path("spec")).isEqualTo(tree("{\"a\":\"1\"}"));
        assertThat(api.get(second).json().at("/items/0/apiVersion").asText()).isEqualTo("none.example.com/v2");
        assertThat(api.get("/apis/none.example.com")
                        .json()
                        .at("/preferredVersion/version")
                        .asText())
                .isEqualTo("v2");
    }

    @Test
    void aNewDefaultIsSeenInOldObjects() {
        String before =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}}}";
        JsonNode made = establish(api, definition("default.example.com", "hosts", "Host", version("v1", true, before)));
        String hosts = objects("default.example.com", "v1");
        assertThat(api.post(hosts, host("default.example.com/v1", "h", "{\"a\":\"1\",\"b\":null}"))
                        .json()
                        .path("spec"))
                .isEqualTo(tree("{\"a\":\"1\"}"));
        ObjectNode changed = made.deepCopy();
        ((ObjectNode) changed.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/b"))
                .put("default", "new");
        assertThat(api.put(PATH + "/hosts.default.example.com", changed.toString())
                        .code())
                .isEqualTo(200);
        eventually(() -> api.get(hosts + "/h").json().at("/spec/b").asText().equals("new"));
        assertThat(api.get(hosts).json().at("/items/0/spec/b").asText()).isEqualTo("new");
    }

    @Test
    void aWebhookConvertsBothWays() {
        establish(api, withWebhook("hook.example.com"));
        String first = objects("hook.example.com", "v1");
        String second = objects("hook.example.com", "v2");
        Reply created = api.post(first, host("hook.example.com/v1", "h", "{\"address\":\"a:80\"}"));
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        JsonNode seen = api.get(second + "/h").json();
        assertThat(seen.path("apiVersion").asText()).isEqualTo("hook.example.com/v2");
        assertThat(seen.path("spec")).isEqualTo(tree("{\"host\":\"a\",\"port\":\"80\"}"));
        assertThat(seen.at("/metadata/uid")).isEqualTo(created.json().at("/metadata/uid"));
        Reply changed = api.patch(second + "/h", "merge-patch+json", "{\"spec\":{\"port\":\"81\"}}");
        assertThat(changed.code()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().at("/spec/port").asText()).isEqualTo("81");
        assertThat(api.get(first + "/h").json().at("/spec/address").asText()).isEqualTo("a:81");
        assertThat(api.get(second).json().at("/items/0/spec/port").asText()).isEqualTo("81");
        Reply applied = api.patch(
                second + "/h?fieldManager=me",
                "apply-patch+yaml",
                "{\"apiVersion\":\"hook.example.com/v2\",\"kind\":\"Host\",\"metadata\":{\"name\":\"h\"},\"spec\":{\"zone\":\"z\"}}");
        assertThat(applied.code()).as(applied.text()).isEqualTo(200);
        assertThat(applied.json().at("/spec/zone").asText()).isEqualTo("z");
        assertThat(api.delete(second + "/h").code()).isEqualTo(200);
        assertThat(api.get(first + "/h").code()).isEqualTo(404);
    }

    @Test
    void watchersOfTheOtherVersionAreToldInIt() {
        establish(api, withWebhook("watch.example.com"));
        String first = objects("watch.example.com", "v1");
        api.post(first, host("watch.example.com/v1", "h", "{\"address\":\"a:80\"}"));
        List<JsonNode> told = new ArrayList<>();
        try (Stream<String> lines = api.lines(objects("watch.example.com", "v2") + "?watch=true&resourceVersion=0")) {
            var events = lines.iterator();
            told.add(tree(events.next()));
            api.patch(first + "/h", "merge-patch+json", "{\"spec\":{\"address\":\"a:81\"}}");
            told.add(tree(events.next()));
            api.delete(first + "/h");
            told.add(tree(events.next()));
        }
        assertThat(told.stream().map(t -> t.path("type").asText())).containsExactly("ADDED", "MODIFIED", "DELETED");
        assertThat(told.stream().map(t -> t.at("/object/spec/port").asText())).containsExactly("80", "81", "81");
    }

    @Test
    void fieldsAreSelectedInTheVersionThatIsAskedFor() {
        ObjectNode definition = withWebhook("select.example.com");
        ((ObjectNode) definition.at("/spec/versions/1/schema/openAPIV3Schema/properties/spec"))
                .putObject("properties")
                .putObject("port")
                .put("type", "string");
        ((ObjectNode) definition.at("/spec/versions/1"))
                .putArray("selectableFields")
                .addObject()
                .put("jsonPath", ".spec.port");
        establish(api, definition);
        String first = objects("select.example.com", "v1");
        api.post(first, host("select.example.com/v1", "a", "{\"address\":\"a:80\"}"));
        api.post(first, host("select.example.com/v1", "b", "{\"address\":\"b:81\"}"));
        JsonNode items = api.get(objects("select.example.com", "v2") + "?fieldSelector=spec.port%3D81")
                .json()
                .path("items");
        assertThat(items).hasSize(1);
        assertThat(items.path(0).at("/metadata/name").asText()).isEqualTo("b");
        assertThat(api.get(first + "?fieldSelector=spec.port%3D81").code()).isEqualTo(400);
    }

    @Test
    void whatAWebhookMayNotDoIsRefused() {
        establish(api, withWebhook("wrong.example.com"));
        String first = objects("wrong.example.com", "v1");
        String second = objects("wrong.example.com", "v2");
        for (String how : List.of("rename", "fail", "few", "stranger")) {
            api.post(first, host("wrong.example.com/v1", how, "{\"address\":\"a:80\",\"behave\":\"" + how + "\"}"));
        }
        String begin = "conversion webhook for wrong.example.com/v1, Kind=Host failed: ";
        assertThat(message(second + "/rename"))
                .isEqualTo(
                        begin + "webhook returned invalid converted object at index 0: invalid name (expected rename,"
                                + " received other)");
        assertThat(message(second + "/fail")).isEqualTo(begin + "I will not");
        assertThat(message(second + "/few")).isEqualTo(begin + "webhook returned 0 objects, expected 1");
        assertThat(message(second + "/stranger")).startsWith(begin + "expected response.uid=");
        assertThat(api.get(second + "/fail").code()).isEqualTo(500);
    }

    private static String message(String path) {
        return api.get(path).json().path("message").asText();
    }

    @Test
    void aWebhookOfAnotherAuthorityIsNotTrusted() {
        ObjectNode definition = withWebhook("trust.example.com");
        definition
                .withObject("/spec/conversion/webhook/clientConfig")
                .put("caBundle", ConvertingServer.otherAuthority());
        establish(api, definition);
        api.post(objects("trust.example.com", "v1"), host("trust.example.com/v1", "h", "{\"address\":\"a:80\"}"));
        assertThat(message(objects("trust.example.com", "v2") + "/h"))
                .startsWith("conversion webhook for trust.example.com/v1, Kind=Host failed: Post \"https://");
    }

    @Test
    void aServiceLeadsToItsEndpoints() {
        webhook.asService("space", "converter");
        ObjectNode definition = withWebhook("service.example.com");
        ObjectNode config = definition.withObject("/spec/conversion/webhook/clientConfig");
        config.remove("url");
        config.putObject("service")
                .put("namespace", "space")
                .put("name", "converter")
                .put("path", "/convert");
        establish(api, definition);
        api.post(objects("service.example.com", "v1"), host("service.example.com/v1", "h", "{\"address\":\"a:80\"}"));
        Reply seen = api.get(objects("service.example.com", "v2") + "/h");
        assertThat(seen.json().at("/spec/host").asText()).as(seen.text()).isEqualTo("a");
    }
}
