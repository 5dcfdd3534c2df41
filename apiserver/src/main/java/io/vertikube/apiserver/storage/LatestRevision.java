package io.vertikube.apiserver.storage;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store for its current revision once for all that wait together. A question already on its way may be older
 * than a write that a new caller knows of, so who comes meanwhile shares the next one. Safe for any thread.
 */
final class LatestRevision {

    private final Store store;
    private @Nullable CompletableFuture<Long> next;
    private boolean asking;

    LatestRevision(Store store) {
        this.store = store;
    }

    CompletableFuture<Long> ask() {
        OptionalLong known = store.knownRevision();
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.getAsLong());
        }
        synchronized (this) {
            CompletableFuture<Long> answer = next;
            if (answer == null) {
                answer = new CompletableFuture<>();
                next = answer;
                if (!asking) {
                    start();
                }
            }
            return answer;
        }
    }

    private synchronized void start() {
        CompletableFuture<Long> answer = next;
        next = null;
        asking = answer != null;
        if (answer != null) {
            Thread.ofVirtual().name("latest-revision").start(() -> answer(answer));
        }
    }

    private void answer(CompletableFuture<Long> answer) {
        try {
            answer.complete(store.currentRevision());
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        } finally {
            start();
        }
    }
}
