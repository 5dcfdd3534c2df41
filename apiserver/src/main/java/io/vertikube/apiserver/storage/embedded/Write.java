package io.vertikube.apiserver.storage.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Something one thread at a time does to index and journal, whose result counts once it is durable. Run by whoever holds
 * the store's write turn.
 */
final class Write<T> {

    private final Supplier<T> work;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private Runnable outcome = () -> {};

    Write(Supplier<T> work) {
        this.work = work;
    }

    /** Does it, and keeps the outcome back. */
    void run() {
        try {
            T result = work.get();
            outcome = () -> done.complete(result);
        } catch (RuntimeException e) {
            outcome = () -> done.completeExceptionally(e);
        }
    }

    /** Hands the outcome out: what it rests on is durable. */
    void release() {
        outcome.run();
    }

    void fail(RuntimeException why) {
        done.completeExceptionally(why);
    }

    CompletableFuture<T> done() {
        return done;
    }
}
