package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartTurnsTest {

    private final StartTurns turns = new StartTurns(2);
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @Test
    void soManyRunAtATimeAndNobodyIsCrowdedUntilOneWaits() throws InterruptedException {
        sandbox();
        sandbox();
        await().until(() -> running.get() == 2);
        assertThat(turns.areCrowded()).isFalse();
        sandbox();
        await().until(turns::areCrowded);
        assertThat(running).hasValue(2);
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(running).hasValue(3);
        assertThat(turns.areCrowded()).isFalse();
    }

    @Test
    void aCrowdOfSandboxesIsOneUntilTheirContainersAreMade() throws InterruptedException {
        sandbox();
        sandbox();
        sandbox();
        await().until(turns::areCrowded);
        String made = turns.container(() -> {
            end.countDown();
            joinAll();
            return turns.areCrowded() ? "crowded" : "alone";
        });
        assertThat(made).isEqualTo("crowded");
        assertThat(turns.areCrowded()).isFalse();
    }

    private void joinAll() {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void sandbox() {
        threads.add(Thread.startVirtualThread(() -> turns.sandbox(() -> {
            running.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "made";
        })));
    }
}
