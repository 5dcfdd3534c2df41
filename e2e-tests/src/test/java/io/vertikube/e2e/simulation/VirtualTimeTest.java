package io.vertikube.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.control.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class VirtualTimeTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final VirtualTime time = new VirtualTime(START, 1);

    @Test
    void aDelayedKeyComesWhenTimeIsMovedOnAndNotBefore() throws InterruptedException {
        var queue = new WorkQueue<String>(time);
        var taken = new LinkedBlockingQueue<String>();
        Thread worker = Thread.ofVirtual().start(() -> {
            try {
                taken.add(String.valueOf(queue.take()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        queue.addAfter("late", Duration.ofMinutes(5));
        await().until(() -> time.next().isPresent());
        assertThat(time.next()).contains(START.plusSeconds(300));
        time.advanceTo(START.plusSeconds(299));
        assertThat(taken).isEmpty();
        assertThat(time.next()).isPresent();
        time.advanceTo(START.plusSeconds(300));
        assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("late");
        worker.join();
        assertThat(time.next()).isEmpty();
    }

    @Test
    void whoSleepsWakesAtTheEndOfHisSleep() throws InterruptedException {
        Thread sleeper = Thread.ofVirtual().start(() -> {
            try {
                time.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> time.next().isPresent());
        time.advanceTo(START.plus(Duration.ofHours(1)));
        sleeper.join();
        assertThat(time.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
        time.advanceTo(START);
        assertThat(time.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
    }
}
