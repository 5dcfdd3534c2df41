package io.vertikube.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {

    private final WorkQueue<String> queue = new WorkQueue<>(Time.system());

    @Test
    void aKeyStandsInTheQueueOnce() throws Exception {
        queue.add("a");
        queue.add("a");
        queue.add("b");
        assertThat(queue.depth()).isEqualTo(2);
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void keyAddedWhileProcessingIsRunAgain() throws Exception {
        queue.add("a");
        String key = queue.take();
        queue.add("a");
        assertThat(queue.depth()).isZero();
        queue.done(key);
        assertThat(queue.depth()).isEqualTo(1);
    }

    @Test
    void ofSeveralDelaysTheSoonestCounts() throws Exception {
        queue.addAfter("a", Duration.ofHours(1));
        queue.addAfter("a", Duration.ofMillis(20));
        var taken = CompletableFuture.supplyAsync(() -> take(queue));
        assertThat(taken.get(5, TimeUnit.SECONDS)).isEqualTo("a");
    }

    @Test
    void aClosedQueueLetsItsWorkersGo() throws Exception {
        var taken = CompletableFuture.supplyAsync(() -> take(queue));
        queue.close();
        assertThat(taken.get(5, TimeUnit.SECONDS)).isNull();
    }

    private static String take(WorkQueue<String> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
