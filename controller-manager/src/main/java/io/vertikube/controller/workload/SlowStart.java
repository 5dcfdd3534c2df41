package io.vertikube.controller.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs many equal writes in batches of 1, 2, 4 … and stops after the first batch with a failure, so that a quota that is
 * used up costs one refused call rather than thousands. Blocks; call from a virtual thread.
 */
public final class SlowStart {
    /** The largest batch in flight at once. */
    static final int LARGEST_BATCH = 256;

    /** How many calls succeeded, and what stopped the rest. */
    public record Result(int succeeded, Optional<RuntimeException> failure) {}

    private SlowStart() {}

    public static Result run(int calls, Callable<?> call) throws InterruptedException {
        int done = 0;
        int batch = 1;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (done < calls) {
                int size = Math.min(batch, calls - done);
                List<Future<?>> running = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    running.add(threads.submit(call));
                }
                Optional<RuntimeException> failure = Optional.empty();
                for (Future<?> one : running) {
                    Optional<RuntimeException> outcome = await(one);
                    if (outcome.isPresent()) {
                        failure = outcome;
                    } else {
                        done++;
                    }
                }
                if (failure.isPresent()) {
                    return new Result(done, failure);
                }
                batch = Math.min(batch * 2, LARGEST_BATCH);
            }
        }
        return new Result(done, Optional.empty());
    }

    private static Optional<RuntimeException> await(Future<?> running) throws InterruptedException {
        try {
            running.get();
            return Optional.empty();
        } catch (ExecutionException failed) {
            return Optional.of(
                    failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed));
        }
    }
}
