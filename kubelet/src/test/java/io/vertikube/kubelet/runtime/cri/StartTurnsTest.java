package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StartTurnsTest {

    private final StartTurns turns = new StartTurns(2);
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Semaphore one = new Semaphore(0);
    private final List<String> made = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @Test
    void soManyRunAtATimeAndNobodyIsCrowdedUntilOneWaits() {
        sandbox();
        sandbox();
        await().until(() -> running.get() == 2);
        assertThat(turns.areCrowded()).isFalse();
        sandbox();
        await().until(turns::areCrowded);
        assertThat(running).hasValue(2);
        end.countDown();
        joinAll();
        assertThat(running).hasValue(3);
        assertThat(turns.areCrowded()).isFalse();
    }

    @Test
    void aCrowdOfSandboxesIsOneUntilTheirContainersAreMade() {
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

    /** Else a network that hangs would keep the containers of pods that have run for days from starting again. */
    @Test
    void sandboxesThatHangKeepNoContainer() {
        sandbox();
        sandbox();
        await().until(() -> running.get() == 2);
        assertThat(turns.container(() -> "made")).isEqualTo("made");
        end.countDown();
        joinAll();
    }

    @Test
    void noSandboxIsBegunWhileSoManyContainersAreMade() {
        container();
        container();
        await().until(() -> running.get() == 2);
        sandbox();
        await().until(turns::areCrowded);
        container();
        await().until(() -> threads.getLast().getState() == Thread.State.WAITING);
        assertThat(running).hasValue(2);
        one.release();
        await().until(() -> running.get() == 3);
        assertThat(made).containsExactly("container");
        one.release(2);
        await().until(() -> made.size() == 3);
        end.countDown();
        joinAll();
        assertThat(made).containsExactly("container", "container", "container", "sandbox");
    }

    @Test
    void whoIsInterruptedWhileItWaitsHoldsNoTurn() throws InterruptedException {
        sandbox();
        sandbox();
        await().until(() -> running.get() == 2);
        sandbox();
        await().until(turns::areCrowded);
        threads.getLast().interrupt();
        threads.getLast().join();
        end.countDown();
        joinAll();
        assertThat(running).hasValue(2);
        assertThat(turns.sandbox(() -> "made")).isEqualTo("made");
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
        start(() -> turns.sandbox(() -> run("sandbox", end::await)));
    }

    private void container() {
        start(() -> turns.container(() -> run("container", one::acquire)));
    }

    private void start(Supplier<String> call) {
        threads.add(Thread.startVirtualThread(() -> {
            try {
                call.get();
            } catch (RuntimeFailure interrupted) {
                assertThat(interrupted).hasMessageContaining("interrupted");
            }
        }));
    }

    private interface Wait {
        void await() throws InterruptedException;
    }

    private String run(String what, Wait wait) {
        running.incrementAndGet();
        try {
            wait.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        made.add(what);
        return what;
    }
}
