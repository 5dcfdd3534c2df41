package io.vertikube.kubelet.runtime.cri;

import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * So many sandboxes and so many containers are made at a time; the others wait in order. The deadline of a call begins
 * when its turn comes. Safe for any thread.
 */
final class StartTurns {

    private final int atOnce;
    private final Semaphore sandboxes;
    private final Semaphore containers;
    private volatile boolean crowded;

    StartTurns(int atOnce) {
        this.atOnce = atOnce;
        this.sandboxes = new Semaphore(atOnce, /* fair= */ true);
        this.containers = new Semaphore(atOnce, /* fair= */ true);
    }

    <T> T sandbox(Supplier<T> call) {
        return inTurn(sandboxes, call);
    }

    <T> T container(Supplier<T> call) {
        return inTurn(containers, call);
    }

    /** From when somebody has to wait until nothing is under way any more. */
    boolean areCrowded() {
        if (crowded && sandboxes.availablePermits() == atOnce && containers.availablePermits() == atOnce) {
            crowded = false;
        }
        return crowded;
    }

    private <T> T inTurn(Semaphore turns, Supplier<T> call) {
        try {
            // With a timeout it does not overtake those who wait, as it does without one.
            if (!turns.tryAcquire(0, TimeUnit.SECONDS)) {
                crowded = true;
                turns.acquire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "interrupted while waiting for the runtime's turn", e);
        }
        try {
            return call.get();
        } finally {
            turns.release();
        }
    }
}
