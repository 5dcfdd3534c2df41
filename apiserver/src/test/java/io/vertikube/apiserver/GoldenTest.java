package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.table.TableRenderer;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Texts that clients depend on, as they were when somebody last looked at them: {@code src/test/resources/golden}. What a
 * run made instead is left in {@code target/golden}, to be looked at and copied.
 */
class GoldenTest {

    private static final Path EXPECTED = Path.of("src", "test", "resources", "golden");
    private static final Path MADE = Path.of("target", "golden");
    private static final String MAPS = "/api/v1/namespaces/golden/configmaps";
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("golden");
        api.post(MAPS, "{\"metadata\":{\"name\":\"m\"}}");
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static void check(String name, String made) throws IOException {
        Files.createDirectories(MADE);
        Files.writeString(MADE.resolve(name), made);
        Path expected = EXPECTED.resolve(name);
        assertThat(made).isEqualTo(Files.exists(expected) ? Files.readString(expected) : "");
    }

    @Test
    void refusals() throws IOException {
        var text = new StringBuilder();
        add(text, "GET of none", api.get(MAPS + "/none"));
        add(text, "GET of no path", api.get("/apis/none.example.com/v1/things"));
        add(text, "PUT of a collection", api.put(MAPS, "{}"));
        add(text, "POST of what there is", api.post(MAPS, "{\"metadata\":{\"name\":\"m\"}}"));
        add(text, "POST of a bad name", api.post(MAPS, "{\"metadata\":{\"name\":\"M_\"}}"));
        add(text, "POST without a name", api.post(MAPS, "{}"));
        add(text, "POST of no JSON", api.post(MAPS, "{"));
        add(text, "POST of another kind", api.post(MAPS, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}"));
        add(
                text,
                "POST with an unknown field",
                api.post(MAPS + "?fieldValidation=Strict", "{\"metadata\":{\"name\":\"n\"},\"dat\":{}}"));
        add(text, "POST in no known type", api.post(MAPS, "<a/>", "Content-Type", "text/xml"));
        add(text, "POST of too much", api.post(MAPS, "x".repeat(4 << 20)));
        add(
                text,
                "PUT of an old revision",
                api.put(
                        MAPS + "/m",
                        "{\"metadata\":{\"name\":\"m\",\"resourceVersion\":\"1\"},\"data\":{\"a\":\"b\"}}"));
        add(text, "PATCH that is no patch", api.patch(MAPS + "/m", "json-patch+json", "{}"));
        add(text, "PATCH in no known type", api.patch(MAPS + "/m", "xml", "{}"));
        add(
                text,
                "DELETE of another uid",
                api.send(
                        api.admin(),
                        "DELETE",
                        MAPS + "/m",
                        "{\"preconditions\":{\"uid\":\"x\"}}",
                        "Content-Type",
                        "application/json"));
        add(text, "GET in no form", api.get(MAPS, "Accept", "text/html"));
        add(text, "GET of a bad selector", api.get(MAPS + "?fieldSelector=spec.a%3Db"));
        add(text, "GET of a bad revision", api.get(MAPS + "?resourceVersion=x"));
        add(text, "GET of bad options", api.get(MAPS + "?resourceVersionMatch=Exact"));
        add(text, "GET by a stranger", api.send(api.stranger(), "GET", MAPS, null));
        var carol = api.client(api.server().clientConfig("carol", "dev"));
        add(text, "GET by who may not", api.send(carol, "GET", MAPS + "/m", null));
        add(text, "GET of a path by who may not", api.send(carol, "GET", "/metrics", null));
        check("refusals.txt", text.toString());
    }

    private static void add(StringBuilder text, String what, TestApi.Reply reply) {
        text.append("# ")
                .append(what)
                .append("\n")
                .append(reply.code())
                .append(' ')
                .append(reply.text()
                        .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uid>")
                        .strip())
                .append("\n\n");
    }

    @Test
    void columns() throws IOException {
        var tables = new TableRenderer(type -> Optional.empty(), InstantSource.system());
        var lines = new TreeMap<String, String>();
        for (ResourceType type : Catalog.builtIn().all()) {
            if (type.hasVerb("list")) {
                lines.put(
                        type.apiVersion() + " " + type.plural(),
                        tables.columns(type).list().stream()
                                .map(c -> c.name() + ":" + c.type()
                                        + (c.format().isEmpty() ? "" : "/" + c.format())
                                        + (c.priority() == 0 ? "" : "*"))
                                .collect(Collectors.joining(", ")));
            }
        }
        var text = new StringBuilder("# name:type/format, * for wide output\n");
        lines.forEach((resource, columns) ->
                text.append(resource).append(": ").append(columns).append('\n'));
        check("columns.txt", text.toString());
    }

    @Test
    void discovery() throws Exception {
        var text = new StringBuilder("# SHA-256 of the whole, then one part of it in full\n");
        for (String path : List.of("/api", "/apis")) {
            for (String form : List.of("v2", "v2beta1")) {
                TestApi.Reply reply = api.get(
                        path,
                        "Accept",
                        "application/json;g=apidiscovery.k8s.io;v=" + form + ";as=APIGroupDiscoveryList");
                text.append(path).append(' ').append(form).append(' ').append(hash(reply.body()));
                text.append('\n');
            }
        }
        text.append("/apis ").append(hash(api.get("/apis").body())).append('\n');
        text.append("/api/v1 ").append(hash(api.get("/api/v1").body())).append('\n');
        text.append(api.get("/apis/policy/v1?pretty=true").json().toPrettyString())
                .append('\n');
        check("discovery.txt", text.toString());
    }

    @Test
    void openApiOfOneGroup() throws Exception {
        JsonNode document = api.get("/openapi/v3/apis/scheduling.k8s.io/v1").json();
        var text =
                new StringBuilder("# SHA-256 of the whole, its paths and definitions, then one part of it in full\n");
        text.append(hash(document.toString().getBytes(StandardCharsets.UTF_8))).append('\n');
        document.path("paths")
                .fieldNames()
                .forEachRemaining(path -> text.append(path)
                        .append(' ')
                        .append(String.join(
                                ",",
                                () -> document.path("paths").path(path).properties().stream()
                                        .map(e -> (CharSequence) e.getKey())
                                        .iterator()))
                        .append('\n'));
        document.at("/components/schemas")
                .fieldNames()
                .forEachRemaining(name -> text.append(name).append('\n'));
        text.append(document.at("/components/schemas")
                        .path("io.k8s.api.scheduling.v1.PriorityClass")
                        .toPrettyString())
                .append('\n');
        check("openapi.txt", text.toString());
    }

    private static String hash(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
