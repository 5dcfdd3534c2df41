package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ControllerTest {

    @Test
    void whatFailsIsTriedAgainUntilItWorks() {
        var calls = new AtomicInteger();
        var meters = new SimpleMeterRegistry();
        Reconciler failsTwice = key -> {
            if (calls.incrementAndGet() < 3) {
                throw new IllegalStateException("the world is not ready");
            }
            return Outcome.done();
        };
        try (var controller = new Controller("test", 2, failsTwice, meters, Time.system())) {
            controller.start();
            controller.enqueue(new ObjectKey("ns", "a"));
            await().atMost(Duration.ofSeconds(10)).until(() -> calls.get() == 3);
            await().until(() -> meters.get("workqueue.retries").counter().count() == 2);
        }
    }

    @Test
    void againMeansAgainWithoutAnyChange() {
        var calls = new AtomicInteger();
        Reconciler counts = key -> calls.incrementAndGet() < 4 ? Outcome.again(Duration.ofMillis(5)) : Outcome.done();
        try (var controller = new Controller("test", 1, counts, new SimpleMeterRegistry(), Time.system())) {
            controller.start();
            controller.enqueue(ObjectKey.cluster("a"));
            await().atMost(Duration.ofSeconds(10)).until(() -> calls.get() == 4);
        }
    }

    /** The names that dashboards and alerts for Kubernetes' controllers look for. */
    @Test
    void queueAndWorkersAreMeasuredUnderKubernetesNames() throws InterruptedException {
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var working = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        Reconciler slow = key -> {
            working.countDown();
            mayEnd.await();
            return Outcome.done();
        };
        try (var controller = new Controller("test", 1, slow, meters, Time.system())) {
            controller.start();
            controller.enqueue(ObjectKey.cluster("a"));
            working.await();
            controller.enqueue(ObjectKey.cluster("b"));
            controller.enqueue(ObjectKey.cluster("b"));
            assertThat(meters.scrape())
                    .contains("workqueue_adds_total{name=\"test\"} 2.0")
                    .contains("workqueue_depth{name=\"test\"} 1.0")
                    .contains("workqueue_retries_total{name=\"test\"} 0.0")
                    .contains("workqueue_queue_duration_seconds_count{name=\"test\"} 1")
                    .containsPattern("workqueue_unfinished_work_seconds\\{name=\"test\"} [0-9.E-]*[1-9]")
                    .containsPattern("workqueue_longest_running_processor_seconds\\{name=\"test\"} [0-9.E-]*[1-9]")
                    .contains("controller_runtime_active_workers{controller=\"test\"} 1.0")
                    .contains("controller_runtime_max_concurrent_reconciles{controller=\"test\"} 1.0");
            mayEnd.countDown();
            await().until(() -> meters.scrape().contains("workqueue_work_duration_seconds_count{name=\"test\"} 2"));
            assertThat(meters.scrape())
                    .contains("workqueue_work_duration_seconds_bucket{name=\"test\",le=\"10.0\"} 2")
                    .contains("workqueue_longest_running_processor_seconds{name=\"test\"} 0.0");
        }
    }

    /** A service that leads again has the same controllers again, and their gauges must be of the queues that live. */
    @Test
    void theNextTermIsMeasuredAfreshAndGoesOnCounting() {
        var meters = new SimpleMeterRegistry();
        new Controller("test", 1, key -> Outcome.done(), meters, Time.system()).close();
        try (var again = new Controller("test", 1, key -> Outcome.done(), meters, Time.system())) {
            again.enqueue(ObjectKey.cluster("a"));
            assertThat(meters.get("workqueue.depth").gauge().value()).isEqualTo(1);
        }
    }
}
