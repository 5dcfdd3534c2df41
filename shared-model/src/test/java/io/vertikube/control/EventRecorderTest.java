package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that knows nothing but the names of Events, and at a clock that stands still. */
final class EventRecorderTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.123456Z");

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Event> events = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Event> arrivals = new LinkedBlockingQueue<>();
    private HttpServer server;
    private ApiClient client;

    @BeforeEach
    void start() {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(0, "127.0.0.1")
                .await();
        URI address = URI.create("http://127.0.0.1:" + server.actualPort());
        client = ApiClient.connect(vertx, new KubeConfig(address, new byte[0], null, null, null, "default"));
    }

    @AfterEach
    void stop() {
        client.close();
        vertx.close().await();
    }

    @Test
    void sortedByNameTheEventsOfAnObjectStandInTheirOrder() throws InterruptedException {
        try (var recorder = new EventRecorder(client, "kubelet", "n1", () -> NOW)) {
            for (int i = 0; i < 5; i++) {
                recorder.normal(pod(), "Reason" + i, "message");
            }
            List<Event> told = take(5);
            assertThat(told)
                    .extracting(Event::getReason)
                    .containsExactly("Reason0", "Reason1", "Reason2", "Reason3", "Reason4");
            assertThat(told).extracting(event -> event.getMetadata().getName()).isSorted();
        }
    }

    @Test
    void twoRecordersAtOneInstantLoseNothing() throws InterruptedException {
        try (var one = new EventRecorder(client, "kubelet", "n1", () -> NOW);
                var other = new EventRecorder(client, "scheduler", "", () -> NOW)) {
            one.normal(pod(), "Pulled", "message");
            one.normal(pod(), "Created", "message");
            other.normal(pod(), "Scheduled", "message");
            other.normal(pod(), "Bound", "message");
            assertThat(take(4))
                    .extracting(Event::getReason)
                    .containsExactlyInAnyOrder("Pulled", "Created", "Scheduled", "Bound");
        }
    }

    @Test
    void goodNewsWaitWhileTheComponentIsBusy() throws InterruptedException {
        var busy = new AtomicBoolean(true);
        try (var recorder = new EventRecorder(client, "kubelet", "n1", () -> NOW, busy::get, EventRate.UNLIMITED)) {
            recorder.normal(pod(), "Pulled", "message");
            assertThat(arrivals.poll(300, TimeUnit.MILLISECONDS)).isNull();
            busy.set(false);
            assertThat(take(1)).extracting(Event::getReason).containsExactly("Pulled");
        }
    }

    @Test
    void aWarningWaitsForNothingAndWhatWasBeforeItComesFirst() throws InterruptedException {
        try (var recorder = new EventRecorder(client, "kubelet", "n1", () -> NOW, () -> true, EventRate.UNLIMITED)) {
            recorder.normal(pod(), "Pulled", "message");
            recorder.warning(pod(), "Failed", "message");
            assertThat(take(2)).extracting(Event::getReason).containsExactly("Pulled", "Failed");
            recorder.normal(pod(), "Created", "message");
            assertThat(arrivals.poll(300, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void noMoreAreWrittenThanTheRateLetsThrough() throws InterruptedException {
        var now = new AtomicReference<>(NOW);
        var rate = new EventRate(50, 3);
        try (var recorder = new EventRecorder(client, "kubelet", "n1", now::get, () -> false, rate)) {
            for (int i = 0; i < 5; i++) {
                recorder.warning(pod(), "Reason" + i, "message");
            }
            take(3);
            assertThat(arrivals.poll(300, TimeUnit.MILLISECONDS)).isNull();
            now.set(NOW.plusMillis(20));
            assertThat(take(1)).extracting(Event::getReason).containsExactly("Reason3");
            assertThat(arrivals.poll(300, TimeUnit.MILLISECONDS)).isNull();
            now.set(NOW.plusMillis(40));
            assertThat(take(1)).extracting(Event::getReason).containsExactly("Reason4");
        }
    }

    @Test
    void noEventIsMoreThanTenSecondsLateAndItSaysWhenItWas() throws InterruptedException {
        var now = new AtomicReference<>(NOW);
        try (var recorder = new EventRecorder(client, "kubelet", "n1", now::get, () -> true, EventRate.UNLIMITED)) {
            recorder.normal(pod(), "Pulled", "message");
            now.set(NOW.plusSeconds(9));
            assertThat(arrivals.poll(300, TimeUnit.MILLISECONDS)).isNull();
            now.set(NOW.plusSeconds(10));
            assertThat(take(1)).extracting(Event::getLastTimestamp).containsExactly("2030-01-01T00:00:00Z");
        }
    }

    private void answer(HttpServerRequest request, Buffer body) {
        Event event = Json.read(body.getBytes(), Event.class);
        boolean taken = events.putIfAbsent(event.getMetadata().getName(), event) != null;
        if (!taken) {
            arrivals.add(event);
        }
        request.response()
                .setStatusCode(taken ? 409 : 201)
                .end(taken ? Buffer.buffer("{\"kind\":\"Status\",\"code\":409,\"reason\":\"AlreadyExists\"}") : body);
    }

    private List<Event> take(int count) throws InterruptedException {
        var taken = new ArrayList<Event>();
        while (taken.size() < count) {
            taken.add(arrivals.take());
        }
        return taken;
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .withUid("u1")
                .endMetadata()
                .build();
    }
}
