package io.vertikube.kubelet.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a pod's status is written. */
class StatusWriterTest {

    private static final PodStatus ON_ITS_WAY = new PodStatusBuilder()
            .withPhase("Pending")
            .addNewContainerStatus()
            .withName("app")
            .withNewState()
            .withNewWaiting()
            .withReason("ContainerCreating")
            .endWaiting()
            .endState()
            .endContainerStatus()
            .build();
    private static final PodStatus RUNNING =
            new PodStatusBuilder().withPhase("Running").build();

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<Pod> written = new LinkedBlockingQueue<>();
    private final AtomicBoolean crowded = new AtomicBoolean();
    private HttpServer server;
    private ApiClient client;
    private StatusWriter writer;

    @BeforeEach
    void start() {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    written.add(Json.read(body.getBytes(), Pod.class));
                    request.response().end(body);
                }))
                .listen(0, "127.0.0.1")
                .await();
        URI address = URI.create("http://127.0.0.1:" + server.actualPort());
        client = ApiClient.connect(vertx, new KubeConfig(address, new byte[0], null, null, null, "default"));
        writer = new StatusWriter(client, Optional::of, crowded::get);
    }

    @AfterEach
    void stop() {
        writer.close();
        client.close();
        vertx.close().await();
    }

    @Test
    void aPodOnItsWayIsWrittenSoonAndOneThatRunsAtOnce() throws InterruptedException {
        writer.publish(pod(), ON_ITS_WAY);
        assertThat(phase(5000)).contains("Pending");
        writer.publish(pod(), RUNNING);
        assertThat(phase(5000)).contains("Running");
    }

    @Test
    void inACrowdWhatIsOnItsWayWaitsUntilItRuns() throws InterruptedException {
        crowded.set(true);
        writer.publish(pod(), ON_ITS_WAY);
        assertThat(phase(1500)).isEmpty();
        assertThat(writer.settled()).isFalse();
        writer.publish(pod(), RUNNING);
        assertThat(phase(5000)).contains("Running");
        assertThat(phase(1500)).isEmpty();
    }

    @Test
    void whenTheCrowdIsGoneThoseStillOnTheirWayAreWritten() throws InterruptedException {
        crowded.set(true);
        writer.publish(pod(), ON_ITS_WAY);
        assertThat(phase(1500)).isEmpty();
        crowded.set(false);
        assertThat(phase(5000)).contains("Pending");
    }

    @Test
    void aStatusThatWasWrittenHereIsNoNewsNorIsAPodWithoutRevisions() throws InterruptedException {
        writer.publish(pod(), RUNNING);
        assertThat(phase(5000)).contains("Running");
        assertThat(writer.wroteAllBetween("u1", "1", "1")).isTrue();
        assertThat(writer.wroteAllBetween("u1", "1", "2")).isFalse();
        assertThat(writer.wroteAllBetween("u1", null, null)).isTrue();
        assertThat(writer.wroteAllBetween("u1", null, "2")).isFalse();
        assertThat(writer.wroteAllBetween("u1", "1", null)).isFalse();
        assertThat(writer.wroteAllBetween("nobody", null, null)).isTrue();
    }

    private Optional<String> phase(long millis) throws InterruptedException {
        return Optional.ofNullable(written.poll(millis, TimeUnit.MILLISECONDS))
                .map(pod -> pod.getStatus().getPhase());
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .withUid("u1")
                .withResourceVersion("1")
                .endMetadata()
                .build();
    }
}
