package io.vertikube.apiserver.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.As;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.apiserver.testing.TestUser;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches over a WebSocket, as browsers and some clients ask for them. */
@ApiServerTest
final class WatchMessagesTest {

    /** Held here: one that nobody holds is closed. */
    private @Nullable WebSocketClient client;

    @AfterEach
    void close() {
        if (client != null) {
            client.close().await();
        }
    }

    /** Not yet open, so that no message is missed. */
    private ClientWebSocket socket(TestServer server, TestUser user) {
        KubeConfig config = user.config();
        client = server.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(config.certPem()))
                                .addKeyValue(Buffer.buffer(config.keyPem()))));
        return client.webSocket();
    }

    private static void open(ClientWebSocket socket, TestUser user, String query, String accept) {
        URI server = user.config().server();
        socket.connect(new WebSocketConnectOptions()
                        .setHost(server.getHost())
                        .setPort(server.getPort())
                        .setURI("/api/v1/namespaces/" + user.namespace() + "/configmaps?watch=1" + query)
                        .putHeader("Accept", accept))
                .await();
    }

    private static List<String> types(ClientWebSocket socket) {
        List<String> seen = new CopyOnWriteArrayList<>();
        socket.textMessageHandler(text -> seen.add(tree(text).path("type").asText()));
        socket.closeHandler(v -> seen.add("closed"));
        return seen;
    }

    private static JsonNode tree(String text) {
        return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(TestUser user, String name) {
        byte[] map = ("{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"lines\":\"one\\ntwo\"}}")
                .getBytes(StandardCharsets.UTF_8);
        user.client().raw("POST", "/api/v1/namespaces/" + user.namespace() + "/configmaps", "application/json", map);
    }

    private static String told(JsonNode event) {
        return event.path("type").asText() + " "
                + event.at("/object/metadata/name").asText();
    }

    @Test
    void everyEventIsATextMessage(TestServer server, TestUser admin) {
        create(admin, "before");
        create(admin, "also");
        List<String> seen = new CopyOnWriteArrayList<>();
        ClientWebSocket socket = socket(server, admin);
        socket.textMessageHandler(text -> seen.add(told(tree(text))));
        open(socket, admin, "", "application/json");
        await().until(() -> seen.size() == 2);
        create(admin, "after");
        await().untilAsserted(() -> assertThat(seen).containsExactly("ADDED also", "ADDED before", "ADDED after"));
        socket.close().await();
    }

    @Test
    void protobufComesInBinaryMessages(TestServer server, TestUser admin) {
        create(admin, "one");
        create(admin, "two");
        List<Buffer> seen = new CopyOnWriteArrayList<>();
        ClientWebSocket socket = socket(server, admin);
        socket.binaryMessageHandler(seen::add);
        open(socket, admin, "", "application/vnd.kubernetes.protobuf");
        await().untilAsserted(() -> assertThat(seen)
                .hasSize(2)
                .allSatisfy(event ->
                        assertThat(event.toString(StandardCharsets.ISO_8859_1)).startsWith("\n\u0005ADDED")));
        socket.close().await();
    }

    @Test
    void itEndsWhenItsTimeIsUp(TestServer server, TestUser admin) {
        ClientWebSocket socket = socket(server, admin);
        List<String> seen = types(socket);
        open(socket, admin, "&timeoutSeconds=1&allowWatchBookmarks=true", "application/json");
        await().untilAsserted(() -> assertThat(seen).containsExactly("BOOKMARK", "closed"));
    }

    @Test
    void itBreaksWithTheOthers(TestServer server, TestUser admin) {
        ClientWebSocket socket = socket(server, admin);
        List<String> seen = types(socket);
        open(socket, admin, "", "application/json");
        await().until(() -> server.faults().cutWatches() > 0);
        await().until(() -> seen.contains("closed"));
        await().until(() -> server.faults().cutWatches() == 0);
    }

    @Test
    void rightsAreAskedForBefore(TestServer server, @As("jane") TestUser jane) {
        assertThatThrownBy(() -> open(socket(server, jane), jane, "", "application/json"))
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        e -> assertThat(e.getStatus()).isEqualTo(403));
    }
}
