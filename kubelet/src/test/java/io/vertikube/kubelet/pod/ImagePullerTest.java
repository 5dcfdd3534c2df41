package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pulls on a simulated runtime, by a clock that goes on when it is told to. */
class ImagePullerTest {

    private static final ConfigSource NONE = new ConfigSource() {
        @Override
        public Optional<ConfigMap> configMap(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Secret> secret(String namespace, String name) {
            return Optional.empty();
        }
    };

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Vertx vertx = Vertx.vertx();
    private ApiClient nobody;
    private EventRecorder recorder;

    @BeforeEach
    void start() {
        nobody = ApiClient.connect(
                vertx, new KubeConfig(URI.create("http://127.0.0.1:1"), new byte[0], null, null, null, "default"));
        recorder = new EventRecorder(nobody, "test", "node");
    }

    @AfterEach
    void stop() {
        recorder.close();
        nobody.close();
        vertx.close().await();
    }

    @Test
    void whatIsAboveThePaceWaitsAndIsPulledThen() throws Exception {
        ImagePuller puller = puller(new PullLimits(5, 2, 1));
        assertThat(pull(puller, "one:1").get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
        FutureTask<ImagePuller.Outcome> second = pull(puller, "two:1");
        Thread.sleep(1200);
        assertThat(second.isDone()).isFalse();
        now.updateAndGet(instant -> instant.plusMillis(500));
        assertThat(second.get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
    }

    @Test
    void aPaceOfZeroIsNoLimit() throws Exception {
        ImagePuller puller = puller(new PullLimits(5, 0, 0));
        for (String image : new String[] {"one:1", "two:1", "three:1"}) {
            assertThat(pull(puller, image).get(10, TimeUnit.SECONDS)).isInstanceOf(ImagePuller.Outcome.Present.class);
        }
    }

    private ImagePuller puller(PullLimits limits) {
        var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"));
        return new ImagePuller(runtime, NONE, new PodEvents(recorder), now::get, limits);
    }

    private static FutureTask<ImagePuller.Outcome> pull(ImagePuller puller, String image) {
        Pod pod =
                TestPods.parse("metadata: {name: p, namespace: default, uid: u}\nspec: {containers: [{name: c, image: "
                        + image + ", imagePullPolicy: Always}]}");
        ContainerSpec container = ContainerSpec.of(pod).getFirst();
        var task = new FutureTask<>(() -> puller.ensure(pod, ImagePuller.Wanted.of(container)));
        Thread.ofVirtual().start(task);
        return task;
    }
}
