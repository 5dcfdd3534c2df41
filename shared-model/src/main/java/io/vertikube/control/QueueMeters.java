package io.vertikube.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * A queue in figures, by the names that Kubernetes' own queues have ({@code workqueue_…}), and its workers by those of
 * controller-runtime. Told of keys under the queue's lock; read by any thread.
 *
 * @see <a href="https://kubernetes.io/docs/reference/instrumentation/metrics/">Kubernetes metrics reference</a>
 */
final class QueueMeters implements WorkQueue.Watcher, AutoCloseable {

    private static final Duration[] BUCKETS = buckets();

    private final MeterRegistry meters;
    private final Time time;
    private final Counter adds;
    private final Counter retries;
    private final Timer waited;
    private final Timer worked;
    private final List<Gauge> gauges;
    private final Map<Object, Long> waitingSince = new HashMap<>();
    private final Map<Object, Long> workingSince = new ConcurrentHashMap<>();

    QueueMeters(String name, int workers, MeterRegistry meters, Time time) {
        this.meters = meters;
        this.time = time;
        this.adds = Counter.builder("workqueue.adds")
                .description("how many keys were added")
                .tag("name", name)
                .register(meters);
        this.retries = Counter.builder("workqueue.retries")
                .description("how often a key failed and was added again")
                .tag("name", name)
                .register(meters);
        this.waited = timer("workqueue.queue.duration", name, "how long a key waits for a worker");
        this.worked = timer("workqueue.work.duration", name, "how long one reconciliation takes");
        this.gauges = List.of(
                gauge("workqueue.unfinished.work.seconds", "name", name, m -> m.unfinished(Double::sum)),
                gauge("workqueue.longest.running.processor.seconds", "name", name, m -> m.unfinished(Math::max)),
                gauge("controller.runtime.max.concurrent.reconciles", "controller", name, m -> workers),
                gauge("controller.runtime.active.workers", "controller", name, m -> m.workingSince.size()));
    }

    void retried() {
        retries.increment();
    }

    @Override
    public void added(Object key) {
        adds.increment();
        waitingSince.putIfAbsent(key, time.nanos());
    }

    @Override
    public void taken(Object key) {
        long now = time.nanos();
        Long since = waitingSince.remove(key);
        if (since != null) {
            waited.record(now - since, TimeUnit.NANOSECONDS);
        }
        workingSince.put(key, now);
    }

    @Override
    public void done(Object key) {
        Long since = workingSince.remove(key);
        if (since != null) {
            worked.record(time.nanos() - since, TimeUnit.NANOSECONDS);
        }
    }

    /** Takes the gauges back, so that the same controller may have them again in its next term; counts go on. */
    @Override
    public void close() {
        gauges.forEach(meters::remove);
    }

    private double unfinished(java.util.function.DoubleBinaryOperator together) {
        long now = time.nanos();
        return workingSince.values().stream()
                .mapToDouble(since -> (now - since) / 1e9)
                .reduce(0, together);
    }

    private Timer timer(String what, String name, String description) {
        return Timer.builder(what)
                .description(description)
                .tag("name", name)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private Gauge gauge(String what, String tag, String name, ToDoubleFunction<QueueMeters> value) {
        return Gauge.builder(what, this, value).tag(tag, name).register(meters);
    }

    /** 1 µs to 10 s, each ten times the one before. */
    private static Duration[] buckets() {
        var buckets = new Duration[8];
        long nanos = 1000;
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Duration.ofNanos(nanos);
            nanos *= 10;
        }
        return buckets;
    }
}
