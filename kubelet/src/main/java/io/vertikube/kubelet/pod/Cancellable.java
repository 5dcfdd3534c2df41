package io.vertikube.kubelet.pod;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Runs what may take long on a virtual thread of its own, and gives it up when it is not wanted any more. */
final class Cancellable {

    private static final Duration LOOK = Duration.ofMillis(50);

    private Cancellable() {}

    /** The result; empty if it was given up, which interrupts it. What it throws is thrown. */
    static <T> Optional<T> run(String name, Callable<T> work, BooleanSupplier unwanted) throws InterruptedException {
        var task = new FutureTask<T>(work);
        Thread.ofVirtual().name(name).start(task);
        try {
            while (true) {
                try {
                    return Optional.of(task.get(LOOK.toMillis(), TimeUnit.MILLISECONDS));
                } catch (TimeoutException e) {
                    if (unwanted.getAsBoolean()) {
                        return Optional.empty();
                    }
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException failure) {
                        throw failure;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            task.cancel(true);
        }
    }
}
