package io.vertikube.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.Fixtures;
import io.vertikube.scheduler.plugin.ClusterEvent;
import io.vertikube.scheduler.snapshot.PodView;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final SchedulingQueue queue = new SchedulingQueue(
            Map.of(
                    "Fit",
                    Set.of(ClusterEvent.POD_GONE),
                    "Taint",
                    Set.of(ClusterEvent.NODE_CHANGED, ClusterEvent.POD_ITSELF)),
            QueueTimes.defaults(),
            now::get);

    private static PodView pod(String name, int priority) {
        return Fixtures.view(Fixtures.pod(name, "x", "1", "1Mi")
                .editSpec()
                .withPriority(priority)
                .endSpec());
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("default", name);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private String poll() {
        return queue.poll().map(queued -> queued.pod().key().name()).orElse("-");
    }

    @Test
    void importantOnesComeFirstThenOldOnes() {
        queue.put(pod("late-low", 0), false);
        pass(Duration.ofMillis(1));
        queue.put(pod("later-low", 0), false);
        queue.put(pod("high", 10), false);
        assertThat(poll()).isEqualTo("high");
        assertThat(poll()).isEqualTo("late-low");
        assertThat(poll()).isEqualTo("later-low");
        assertThat(poll()).isEqualTo("-");
    }

    @Test
    void unsuitedPodSleepsUntilAnEventOfTheRuleThatSaidNo() {
        queue.put(pod("a", 0), false);
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Fit"));
        pass(Duration.ofMinutes(1));
        queue.happened(ClusterEvent.NODE_CHANGED);
        assertThat(poll()).isEqualTo("-");
        queue.happened(ClusterEvent.POD_GONE);
        assertThat(poll()).isEqualTo("a");
    }

    @Test
    void wokenPodStillWaitsOutItsBackoffWhichDoubles() {
        queue.put(pod("a", 0), false);
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Fit"));
        queue.happened(ClusterEvent.POD_GONE);
        assertThat(poll()).isEqualTo("-");
        pass(Duration.ofMillis(1000));
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Fit"));
        queue.happened(ClusterEvent.POD_GONE);
        pass(Duration.ofMillis(1999));
        assertThat(poll()).isEqualTo("-");
        pass(Duration.ofMillis(1));
        assertThat(poll()).isEqualTo("a");
    }

    @Test
    void eventWhileAPodIsTriedIsNotMissed() {
        queue.put(pod("a", 0), false);
        QueuedPod taken = queue.poll().orElseThrow();
        queue.happened(ClusterEvent.POD_GONE);
        queue.unsuited(taken, Set.of("Fit"));
        assertThat(queue.unsuitedCount()).isZero();
        assertThat(queue.delayedCount()).isEqualTo(1);
    }

    @Test
    void newerVersionThatCameWhileAPodIsTriedIsTheOneTriedNext() {
        queue.put(pod("a", 0), false);
        QueuedPod taken = queue.poll().orElseThrow();
        queue.put(pod("a", 5), true);
        queue.unsuited(taken, Set.of("Taint"));
        pass(Duration.ofSeconds(1));
        assertThat(queue.poll().orElseThrow().pod().priority()).isEqualTo(5);
    }

    @Test
    void podThatChangedItselfIsTriedAgainIfThatMayHelp() {
        queue.put(pod("a", 0), false);
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Fit"));
        queue.put(pod("b", 0), false);
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Taint"));
        pass(Duration.ofMinutes(1));
        queue.put(pod("a", 0), true);
        queue.put(pod("b", 0), false);
        assertThat(poll()).isEqualTo("-");
        queue.put(pod("b", 0), true);
        assertThat(poll()).isEqualTo("b");
    }

    @Test
    void removedPodIsNowhere() {
        queue.put(pod("a", 0), false);
        queue.remove(key("a"));
        assertThat(poll()).isEqualTo("-");
        queue.put(pod("b", 0), false);
        QueuedPod taken = queue.poll().orElseThrow();
        queue.remove(key("b"));
        queue.again(taken);
        queue.unsuited(taken, Set.of());
        assertThat(queue.delayedCount() + queue.unsuitedCount() + queue.activeCount())
                .isZero();
    }

    @Test
    void forgottenPodIsTriedAgainAfterFiveMinutes() {
        queue.put(pod("a", 0), false);
        queue.unsuited(queue.poll().orElseThrow(), Set.of("Fit"));
        pass(Duration.ofMinutes(4));
        queue.retryOld();
        assertThat(poll()).isEqualTo("-");
        pass(Duration.ofMinutes(1));
        queue.retryOld();
        assertThat(poll()).isEqualTo("a");
    }
}
