package io.vertikube.apiserver.flow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of the requests of one schema at one level. Safe for any thread. */
final class FlowMeter {

    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder dispatched = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder queued = new LongAdder();
    private final LongAdder unqueued = new LongAdder();

    FlowMeter(MeterRegistry registry, String schema, String level) {
        this.registry = registry;
        this.tags = Tags.of("flow_schema", schema, "priority_level", level);
        FunctionCounter.builder("apiserver.flowcontrol.dispatched.requests", dispatched, LongAdder::doubleValue)
                .tags(tags)
                .register(registry);
        Gauge.builder("apiserver.flowcontrol.current.executing.requests", this, FlowMeter::executing)
                .tags(tags)
                .register(registry);
        Gauge.builder("apiserver.flowcontrol.current.inqueue.requests", this, FlowMeter::waiting)
                .tags(tags)
                .register(registry);
    }

    private double executing() {
        return Math.max(0, dispatched.sum() - finished.sum());
    }

    private double waiting() {
        return Math.max(0, queued.sum() - unqueued.sum());
    }

    void began() {
        dispatched.increment();
    }

    void ended() {
        finished.increment();
    }

    void queued() {
        queued.increment();
    }

    /** It waits no longer, whatever comes now. */
    void waited(long nanos, boolean served) {
        unqueued.increment();
        Timer.builder("apiserver.flowcontrol.request.wait.duration")
                .tags(tags.and("execute", Boolean.toString(served)))
                .serviceLevelObjectives(
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused(String reason) {
        Counter.builder("apiserver.flowcontrol.rejected.requests")
                .tags(tags.and("reason", reason))
                .register(registry)
                .increment();
    }
}
