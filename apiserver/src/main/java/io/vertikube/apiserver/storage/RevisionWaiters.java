package io.vertikube.apiserver.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** Reads that wait for the cache to reach a revision, the nearest first. Safe for any thread. */
final class RevisionWaiters {

    private record Waiter(long revision, CompletableFuture<Void> reached) {}

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparingLong(Waiter::revision));
    private volatile long nearest = Long.MAX_VALUE;

    /** Completes once {@link #reached} is called with this revision or a later one. Check the revision after this. */
    synchronized CompletableFuture<Void> await(long revision) {
        var reached = new CompletableFuture<Void>();
        waiters.removeIf(waiter -> waiter.reached().isDone());
        waiters.add(new Waiter(revision, reached));
        nearest = waiters.peek().revision();
        return reached;
    }

    void reached(long revision) {
        if (revision >= nearest) {
            for (Waiter waiter : due(revision)) {
                waiter.reached().complete(null);
            }
        }
    }

    private synchronized List<Waiter> due(long revision) {
        var due = new ArrayList<Waiter>();
        Waiter first = waiters.peek();
        while (first != null && first.revision() <= revision) {
            due.add(first);
            waiters.remove();
            first = waiters.peek();
        }
        nearest = first == null ? Long.MAX_VALUE : first.revision();
        return due;
    }
}
