package io.vertikube.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.client.ListOptions;
import io.vertikube.object.ObjectKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that plays one life: a list, a watch that ends, a revision that is forgotten, another list. */
final class InformerTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger lists = new AtomicInteger();
    private final List<String> watchedFrom = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private ApiClient client;
    private Informer<ConfigMap> informer;

    @BeforeEach
    void start() {
        int port = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        client = ApiClient.connect(
                vertx,
                new KubeConfig(URI.create("http://127.0.0.1:" + port), new byte[0], null, null, null, "default"));
        informer = Informer.create(client, ConfigMap.class, "", ListOptions.all());
        informer.addIndex("owner", c -> List.of(c.getMetadata().getLabels().getOrDefault("owner", "")));
        informer.onChange((before, after) -> told.add((before == null ? "+" : after == null ? "-" : "~")
                + (after == null ? before : after).getMetadata().getName()));
    }

    @AfterEach
    void stop() {
        informer.close();
        client.close();
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        if (!request.params().contains("watch")) {
            boolean first = lists.incrementAndGet() == 1;
            request.response()
                    .end("{\"metadata\":{\"resourceVersion\":\"" + (first ? 5 : 20) + "\"},\"items\":["
                            + (first
                                    ? map("a", "1", "x") + "," + map("b", "2", "y")
                                    : map("b", "2", "y") + "," + map("d", "19", "x"))
                            + "]}");
            return;
        }
        String from = request.getParam("resourceVersion");
        watchedFrom.add(from);
        var response = request.response().setChunked(true);
        switch (from) {
            case "5" -> {
                response.write(event("ADDED", map("c", "6", "x")));
                response.write("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"9\"}}}\n");
                response.end();
            }
            case "9" ->
                response.end(
                        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}}\n");
            default -> response.write(event("MODIFIED", map("d", "21", "z")));
        }
    }

    private static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private static String map(String name, String revision, String owner) {
        return "{\"metadata\":{\"namespace\":\"ns\",\"name\":\"" + name + "\",\"resourceVersion\":\"" + revision
                + "\",\"labels\":{\"owner\":\"" + owner + "\"}}}";
    }

    @Test
    void aForgottenRevisionIsListedAgainAndNothingIsToldTwice() {
        informer.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> told.contains("~d"));
        assertThat(watchedFrom).containsExactly("5", "9", "20");
        assertThat(told.subList(0, 3)).containsExactly("+a", "+b", "+c");
        assertThat(told).containsOnlyOnce("+a", "+b", "-a", "-c", "+d", "~d").hasSize(7);
        assertThat(informer.get(new ObjectKey("ns", "a"))).isEmpty();
        assertThat(informer.byIndex("owner", "z")).hasSize(1);
        assertThat(informer.byIndex("owner", "x")).isEmpty();
        assertThat(informer.list("ns")).hasSize(2);
    }
}
