package io.vertikube.apiserver.flow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** What is counted of the requests of one schema at one level. Safe for any thread. */
final class FlowMeter {

    /** Kubernetes' own bounds of the histogram. */
    private static final Duration[] EXECUTIONS = LongStream.of(
                    5, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder dispatched = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder queued = new LongAdder();
    private final LongAdder unqueued = new LongAdder();
    private final DistributionSummary widths;
    private final Timer requests;
    private final Timer watches;

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
        FunctionCounter.builder(
                        "apiserver.flowcontrol.request.dispatch.no.accommodation", queued, LongAdder::doubleValue)
                .tags(tags)
                .register(registry);
        widths = DistributionSummary.builder("apiserver.flowcontrol.work.estimated.seats")
                .tags(tags)
                .serviceLevelObjectives(1, 2, 4, 10)
                .register(registry);
        requests = execution("regular");
        watches = execution("watch");
    }

    private Timer execution(String type) {
        return Timer.builder("apiserver.flowcontrol.request.execution")
                .tags(tags.and("type", type))
                .serviceLevelObjectives(EXECUTIONS)
                .register(registry);
    }

    private double executing() {
        return Math.max(0, dispatched.sum() - finished.sum());
    }

    private double waiting() {
        return Math.max(0, queued.sum() - unqueued.sum());
    }

    /** @param seats that it takes */
    void began(int seats) {
        dispatched.increment();
        widths.record(seats);
    }

    /** It gives its seats back. */
    void ended(long nanos, boolean watch) {
        finished.increment();
        (watch ? watches : requests).record(nanos, TimeUnit.NANOSECONDS);
    }

    void queued() {
        queued.increment();
    }

    /** It waits no longer, whatever comes now. */
    void waited(long nanos, boolean served) {
        unqueued.increment();
        Timer.builder("apiserver.flowcontrol.request.wait.duration")
                .tags(tags.and("execute", Boolean.toString(served)))
                .serviceLevelObjectives(EXECUTIONS)
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
