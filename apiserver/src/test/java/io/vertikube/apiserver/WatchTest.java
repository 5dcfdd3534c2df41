package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static String maps(String namespace) {
        api.namespace(namespace);
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    private static String map(String name, String label) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"l\":\"" + label + "\"}}}";
    }

    /** The first events of a watch, as {@code TYPE name}. */
    private static List<String> events(String path, int count) {
        var seen = new ArrayList<String>();
        for (JsonNode event : raw(path, count)) {
            JsonNode object = event.path("object");
            seen.add(event.path("type").asText() + " "
                    + object.path("metadata")
                            .path("name")
                            .asText(object.path("reason").asText()));
        }
        return seen;
    }

    private static List<JsonNode> raw(String path, int count, String... headers) {
        try (var lines = api.lines(path, headers)) {
            return lines.limit(count)
                    .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    private static String revision(String path) {
        return api.get(path).json().path("metadata").path("resourceVersion").asText();
    }

    @Test
    void everyChangeAfterARevisionIsToldInOrder() {
        String maps = maps("order");
        String from = revision(maps);
        api.post(maps, map("a", "1"));
        api.patch(maps + "/a", "merge-patch+json", "{\"data\":{\"x\":\"y\"}}");
        api.delete(maps + "/a");
        assertThat(events(maps + "?watch=true&resourceVersion=" + from, 3))
                .containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    }

    @Test
    void aWatchFromNowhereBeginsWithWhatThereIs() {
        String maps = maps("initial");
        api.post(maps, map("a", "1"));
        assertThat(events(maps + "?watch=true", 1)).containsExactly("ADDED a");
        assertThat(events(maps + "?watch=true&resourceVersion=0", 1)).containsExactly("ADDED a");
    }

    @Test
    void whatIsWrittenLaterArrives() throws Exception {
        String maps = maps("later");
        var writer = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(Duration.ofMillis(300));
            } catch (InterruptedException e) {
                return;
            }
            api.post(maps, map("b", "1"));
        });
        assertThat(events(maps + "?watch=true", 1)).containsExactly("ADDED b");
        writer.join();
    }

    @Test
    void enteringAndLeavingASelectionIsAddedAndDeleted() {
        String maps = maps("selection");
        String from = revision(maps);
        api.post(maps, map("a", "no"));
        api.patch(maps + "/a", "merge-patch+json", "{\"metadata\":{\"labels\":{\"l\":\"yes\"}}}");
        api.patch(maps + "/a", "merge-patch+json", "{\"data\":{\"x\":\"y\"}}");
        JsonNode left = api.patch(maps + "/a", "merge-patch+json", "{\"metadata\":{\"labels\":{\"l\":\"no\"}}}")
                .json();
        String path = maps + "?watch=true&labelSelector=l%3Dyes&resourceVersion=" + from;
        assertThat(events(path, 3)).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
        JsonNode deleted = raw(path, 3).getLast().path("object");
        assertThat(deleted.path("metadata").path("resourceVersion"))
                .isEqualTo(left.path("metadata").path("resourceVersion"));
        assertThat(deleted.path("metadata").path("labels").path("l").asText()).isEqualTo("yes");
    }

    @Test
    void aStreamedListEndsWithABookmark() {
        String maps = maps("streaming");
        api.post(maps, map("a", "1"));
        List<JsonNode> events = raw(
                maps + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
                2);
        assertThat(events.getFirst().path("type").asText()).isEqualTo("ADDED");
        JsonNode bookmark = events.getLast();
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(bookmark.path("object")
                        .path("metadata")
                        .path("annotations")
                        .path("k8s.io/initial-events-end")
                        .asText())
                .isEqualTo("true");
        assertThat(api.get(maps + "?watch=true&sendInitialEvents=true").code()).isEqualTo(422);
    }

    @Test
    void aWatchEndsInTimeWithABookmark() {
        String maps = maps("timeout");
        List<JsonNode> events =
                raw(maps + "?watch=true&resourceVersion=1&timeoutSeconds=1&allowWatchBookmarks=true", 1000);
        assertThat(events.getLast().path("type").asText()).isEqualTo("BOOKMARK");
    }

    @Test
    void tablesAreWatchedToo() {
        String maps = maps("tables");
        api.post(maps, map("a", "1"));
        api.post(maps, map("b", "1"));
        List<JsonNode> events = raw(maps + "?watch=true", 2, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        assertThat(events.getFirst().path("object").path("columnDefinitions").isArray())
                .isTrue();
        assertThat(events.getLast().path("object").path("columnDefinitions").isNull())
                .isTrue();
        assertThat(events.getLast()
                        .path("object")
                        .path("rows")
                        .get(0)
                        .path("cells")
                        .get(0)
                        .asText())
                .isEqualTo("b");
    }

    @Test
    void theOldPathOfWatchesStillLeadsThere() {
        maps("legacy");
        assertThat(events("/api/v1/watch/namespaces/legacy/serviceaccounts", 1)).containsExactly("ADDED default");
    }

    /** A watch that asks for more than the history holds is told so in an event, over a WebSocket as over HTTP. */
    @Test
    void aRevisionThatIsTooOldIsAnEventToo() {
        Limits limits = Limits.defaults();
        var options = ApiServerOptions.forTests()
                .withLimits(limits.withStorage(limits.storage().withHistory(10, 1 << 20)));
        try (TestApi small = TestApi.start(options)) {
            small.namespace("default");
            String maps = "/api/v1/namespaces/default/configmaps";
            for (int i = 0; i < 40; i++) {
                small.post(maps, "{\"metadata\":{\"name\":\"m" + i + "\"}}");
            }
            String path = maps + "?watch=1&resourceVersion=1";
            String line;
            try (Stream<String> lines = small.lines(path)) {
                line = lines.findFirst().orElseThrow();
            }
            var messages = new CopyOnWriteArrayList<String>();
            URI uri = URI.create(small.server().uri().toString().replace("https:", "wss:") + path);
            small.admin()
                    .newWebSocketBuilder()
                    .buildAsync(uri, new WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            messages.add(data.toString());
                            socket.request(1);
                            return null;
                        }

                        @Override
                        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                            messages.add("closed");
                            return null;
                        }
                    })
                    .join();
            await().untilAsserted(() -> assertThat(messages).hasSize(2).endsWith("closed"));
            assertThat(messages.getFirst().strip()).isEqualTo(line);
            JsonNode event = Json.tree(line.getBytes(StandardCharsets.UTF_8));
            assertThat(event.path("type").asText()).isEqualTo("ERROR");
            assertThat(event.at("/object/code").asInt()).isEqualTo(410);
            assertThat(event.at("/object/reason").asText()).isEqualTo("Expired");
        }
    }
}
