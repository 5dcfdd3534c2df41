package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertikube.control.EventRecorder;
import io.vertikube.scheduler.cycle.Decision;
import io.vertikube.scheduler.cycle.SchedulingCycle;
import io.vertikube.scheduler.cycle.Sentence;
import io.vertikube.scheduler.plugin.ClusterEvent;
import io.vertikube.scheduler.plugin.SchedulingGates;
import io.vertikube.scheduler.preemption.PreemptionPlan;
import io.vertikube.scheduler.queue.QueuedPod;
import io.vertikube.scheduler.queue.SchedulingQueue;
import io.vertikube.scheduler.snapshot.ClusterCache;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one waiting pod after another, decides on one thread, and has what was decided written by virtual threads:
 * bindings and explanations each with room of their own, so that neither holds up the other. Start and stop are confined
 * to the thread that leads; the decisions to their own.
 */
final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final SchedulingQueue queue;
    private final ClusterCache cache;
    private final SchedulingCycle cycle;
    private final PreemptionPlan preemption;
    private final Supplier<Collection<PodDisruptionBudget>> budgets;
    private final PodWriter pods;
    private final VolumeWriter volumes;
    private final EventRecorder events;
    private final RandomGenerator random;
    private final ThreadFactory threads;
    private final String schedulerName;
    private final Semaphore bindings = new Semaphore(Limits.BINDINGS);
    private final Semaphore explanations = new Semaphore(Limits.EXPLANATIONS);
    private final Timer decisions;
    private final Counter scheduled;
    private final Counter unschedulable;
    private final Counter errors;
    private final Object turn = new Object();

    /** Guarded by {@link #turn}, as what follows. */
    private @Nullable Thread thread;

    private boolean ended;
    private int start;

    /** What it takes up at most. */
    private static final class Limits {
        /** Bindings in flight. */
        static final int BINDINGS = 64;

        /** Conditions and evictions in flight. */
        static final int EXPLANATIONS = 32;
    }

    Scheduler(
            SchedulingQueue queue,
            ClusterCache cache,
            SchedulingCycle cycle,
            Supplier<Collection<PodDisruptionBudget>> budgets,
            PodWriter pods,
            VolumeWriter volumes,
            EventRecorder events,
            String schedulerName,
            RandomGenerator random,
            ThreadFactory threads,
            MeterRegistry meters) {
        this.queue = queue;
        this.cache = cache;
        this.cycle = cycle;
        this.preemption = new PreemptionPlan(cycle);
        this.budgets = budgets;
        this.pods = pods;
        this.volumes = volumes;
        this.events = events;
        this.schedulerName = schedulerName;
        this.random = random;
        this.threads = threads;
        this.decisions = Timer.builder("scheduler.scheduling.algorithm.duration")
                .description("how long one decision takes")
                .register(meters);
        this.scheduled = attempts(meters, "scheduled");
        this.unschedulable = attempts(meters, "unschedulable");
        this.errors = attempts(meters, "error");
        pending(meters, "active", SchedulingQueue::activeCount);
        pending(meters, "backoff", SchedulingQueue::delayedCount);
        pending(meters, "unschedulable", SchedulingQueue::unsuitedCount);
    }

    /** Begins to decide, unless this has ended. */
    void start() {
        synchronized (turn) {
            if (!ended) {
                thread = threads.newThread(this::loop);
                thread.start();
            }
        }
    }

    /** Decides no more, and will not again. */
    void end() {
        synchronized (turn) {
            ended = true;
        }
        close();
    }

    /** Decides no more until it is started again; bindings in flight go on to their end. */
    @Override
    public void close() {
        Thread deciding;
        synchronized (turn) {
            deciding = thread;
            thread = null;
        }
        if (deciding != null) {
            deciding.interrupt();
            try {
                deciding.join(Duration.ofSeconds(5));
                if (bindings.tryAcquire(Limits.BINDINGS, 5, TimeUnit.SECONDS)) {
                    bindings.release(Limits.BINDINGS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void loop() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                QueuedPod next = queue.take();
                try {
                    decide(next);
                } catch (RuntimeException e) {
                    LOG.error("{}: no decision", next.pod().key(), e);
                    errors.increment();
                    queue.again(next);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("decides no more");
        }
    }

    private void decide(QueuedPod next) throws InterruptedException {
        long began = System.nanoTime();
        PodView pod = next.pod();
        Snapshot snapshot = cache.snapshot();
        Decision decision = cycle.decide(pod, snapshot, start, random);
        decisions.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        switch (decision) {
            case Decision.Place place -> {
                start = snapshot.nodes().isEmpty()
                        ? 0
                        : (start + place.evaluated()) % snapshot.nodes().size();
                place(next, place.node());
            }
            case Decision.None none -> fitsNowhere(next, snapshot, none);
            case Decision.Refused refused -> {
                queue.unsuited(next, Set.of(refused.reason().plugin()));
                if (SchedulingGates.isGated(pod)) {
                    explain(pod, "SchedulingGated", refused.reason().reasons().getFirst(), null, false);
                } else {
                    unschedulable.increment();
                    explain(pod, "Unschedulable", Sentence.of(refused), null, true);
                }
            }
        }
    }

    private void place(QueuedPod next, String node) throws InterruptedException {
        PodView pod = next.pod();
        cache.assume(pod, node);
        try {
            bindings.acquire();
        } catch (InterruptedException e) {
            cache.forget(pod.key());
            queue.putBack(next);
            throw e;
        }
        Thread.ofVirtual().name("bind-" + pod.key()).start(() -> {
            try {
                volumes.bindFor(pod, node);
                pods.bind(pod, node);
                queue.done(pod.key());
                scheduled.increment();
                events.normal(pod.pod(), "Scheduled", "Successfully assigned " + pod.key() + " to " + node);
            } catch (RuntimeException e) {
                failed(next, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failed(next, e);
            } finally {
                bindings.release();
            }
        });
    }

    private void failed(QueuedPod next, Exception why) {
        LOG.warn("{}: not bound, again later: {}", next.pod().key(), why.getMessage());
        errors.increment();
        cache.forget(next.pod().key());
        queue.again(next);
        queue.happened(ClusterEvent.POD_GONE);
    }

    private void fitsNowhere(QueuedPod next, Snapshot snapshot, Decision.None none) throws InterruptedException {
        PodView pod = next.pod();
        unschedulable.increment();
        String sentence = Sentence.of(none);
        if (none.nodes() == 0) {
            queue.unsuited(next, none.plugins());
            explain(pod, "Unschedulable", sentence, null, true);
            return;
        }
        switch (preemption.plan(pod, snapshot, none, budgets.get())) {
            case PreemptionPlan.Outcome.Useless(String why) -> {
                queue.unsuited(next, none.plugins());
                explain(pod, "Unschedulable", sentence + why, null, true);
            }
            case PreemptionPlan.Outcome.Evict evict -> {
                explain(pod, "Unschedulable", sentence, evict.node(), true);
                evict(pod, evict);
                queue.unsuited(next, none.plugins());
            }
        }
    }

    private void evict(PodView pod, PreemptionPlan.Outcome.Evict evict) throws InterruptedException {
        for (PodView victim : evict.victims()) {
            // The pod that waits for this sleeps until a pod is gone.
            write(
                    () -> {
                        if (!victim.isEnding()) {
                            pods.evict(victim, schedulerName);
                            events.normal(
                                    victim.pod(),
                                    "Preempted",
                                    "Preempted by pod " + pod.uid() + " on node " + evict.node());
                        }
                    },
                    () -> queue.happened(ClusterEvent.POD_GONE));
        }
    }

    private void explain(PodView pod, String reason, String message, @Nullable String nominated, boolean event)
            throws InterruptedException {
        if (event) {
            events.warning(pod.pod(), "FailedScheduling", message);
        }
        write(() -> pods.waits(pod, reason, message, nominated), () -> {});
    }

    private void write(Runnable action, Runnable onFailure) throws InterruptedException {
        explanations.acquire();
        Thread.ofVirtual().name("explain").start(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.warn("not written, the next try writes it again: {}", e.getMessage());
                onFailure.run();
            } finally {
                explanations.release();
            }
        });
    }

    private static Counter attempts(MeterRegistry meters, String result) {
        return Counter.builder("scheduler.schedule.attempts")
                .tag("result", result)
                .description("tries to place a pod, by how they ended")
                .register(meters);
    }

    private void pending(
            MeterRegistry meters, String place, java.util.function.ToDoubleFunction<SchedulingQueue> count) {
        Gauge.builder("scheduler.pending.pods", queue, count)
                .tag("queue", place)
                .description("pods that wait, by what they wait for")
                .register(meters);
    }
}
