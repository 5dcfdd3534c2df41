package io.vertikube.control;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a reconciler over the keys it is given, each key by one worker at a time, with back-off for what fails. Workers
 * are virtual threads. Safe for any thread.
 */
public final class Controller implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private final String name;
    private final int workers;
    private final Reconciler reconciler;
    private final MeterRegistry meters;
    private final QueueMeters figures;
    private final WorkQueue<ObjectKey> queue;
    private final List<Thread> threads = new ArrayList<>();
    private final Gauge depth;

    public Controller(String name, int workers, Reconciler reconciler, MeterRegistry meters, Time time) {
        this.name = name;
        this.workers = workers;
        this.reconciler = reconciler;
        this.figures = new QueueMeters(name, workers, meters, time);
        this.queue = new WorkQueue<>(time, figures);
        this.meters = meters;
        this.depth = Gauge.builder("workqueue.depth", queue, WorkQueue::depth)
                .description("how many keys wait for a worker")
                .tag("name", name)
                .register(meters);
    }

    public String name() {
        return name;
    }

    /** Has a key looked at soon. */
    public void enqueue(ObjectKey key) {
        queue.add(key);
    }

    /** Has a key looked at after a time. */
    public void enqueueAfter(ObjectKey key, Duration delay) {
        queue.addAfter(key, delay);
    }

    /** How many keys wait. */
    public int depth() {
        return queue.depth();
    }

    public void start() {
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::work));
        }
    }

    /** Takes no more keys, and waits a little for the workers. */
    @Override
    public void close() {
        queue.close();
        meters.remove(depth);
        figures.close();
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void work() {
        try {
            for (ObjectKey key = queue.take(); key != null; key = queue.take()) {
                try {
                    finish(key, reconciler.reconcile(key));
                } catch (InterruptedException e) {
                    return;
                } catch (Exception e) {
                    failed(key, e);
                } finally {
                    queue.done(key);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: a worker ends", name);
        }
    }

    private void finish(ObjectKey key, Outcome outcome) {
        queue.succeeded(key);
        switch (outcome) {
            case Outcome.Done() -> {}
            case Outcome.Again(Duration after) -> queue.addAfter(key, after);
        }
    }

    private void failed(ObjectKey key, Exception failure) {
        figures.retried();
        if (failure instanceof ApiException refused && refused.isConflict()) {
            LOG.debug("{}: {} changed meanwhile, again: {}", name, key, refused.getMessage());
        } else if (failure instanceof ApiException || failure instanceof io.vertikube.client.UnreachableException) {
            LOG.warn("{}: {} again later: {}", name, key, failure.getMessage());
        } else {
            LOG.error("{}: {} failed, again later", name, key, failure);
        }
        queue.addAfterFailure(key);
    }
}
