package io.vertikube.control;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
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
}
