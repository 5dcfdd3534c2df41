package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a kubelet's memory is given back. */
class OwnMemoryTest {

    private final AtomicLong used = new AtomicLong(40L << 20);
    private final AtomicLong spent = new AtomicLong(Duration.ofSeconds(3).toNanos());
    private final AtomicInteger given = new AtomicInteger();
    private final OwnMemory memory = new OwnMemory(used::get, spent::get, () -> {
        given.incrementAndGet();
        used.set(25L << 20);
    });

    @Test
    void theStartIsGivenBackAtTheFirstQuietLook() throws IOException {
        memory.look();
        assertThat(given).as("the start has just cost three seconds").hasValue(0);
        memory.look();
        assertThat(given).hasValue(1);
    }

    @Test
    void aBurstIsGivenBackWhenItIsOver() throws IOException {
        memory.look();
        memory.look();
        used.addAndGet(20L << 20);
        spent.addAndGet(Duration.ofSeconds(4).toNanos());
        memory.look();
        assertThat(given).as("during the burst").hasValue(1);
        spent.addAndGet(Duration.ofMillis(100).toNanos());
        memory.look();
        assertThat(given).hasValue(2);
    }

    @Test
    void aBurstThatFallsIntoTwoPeriodsIsGivenBackToo() throws IOException {
        memory.look();
        memory.look();
        for (int i = 0; i < 2; i++) {
            spent.addAndGet(Duration.ofMillis(600).toNanos());
            memory.look();
        }
        assertThat(given).as("during the burst").hasValue(1);
        memory.look();
        assertThat(given).hasValue(2);
    }

    @Test
    void pagesThatABurstTouchedAreGivenBackThoughItLeftNoGarbage() throws IOException {
        memory.look();
        memory.look();
        spent.addAndGet(Duration.ofSeconds(4).toNanos());
        memory.look();
        memory.look();
        memory.look();
        assertThat(given).as("once for the start and once for the burst").hasValue(2);
    }

    @Test
    void whatAYoungGenerationHoldsIsLeftAlone() throws IOException {
        memory.look();
        memory.look();
        for (int i = 0; i < 100; i++) {
            used.set((25L + i % 9) << 20);
            spent.addAndGet(Duration.ofMillis(150).toNanos());
            memory.look();
        }
        assertThat(given).hasValue(1);
    }
}
