package io.vertikube.apiserver.chain;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * How many requests there were and how long they took, under the names and labels that dashboards for Kubernetes look
 * for. Labels are words of the server, never of the caller, so that nobody can fill the memory with them
 * (CVE-2020-8552). Safe for any thread.
 */
public final class RequestMeters {

    /** Kubernetes' own bounds of the histogram, in milliseconds. */
    private static final Duration[] BOUNDS = LongStream.of(
                    5, 25, 50, 100, 200, 400, 600, 800, 1_000, 1_250, 1_500, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000,
                    10_000, 15_000, 20_000, 30_000, 45_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final Set<String> SUBRESOURCES = Set.of(
            "status",
            "scale",
            "log",
            "exec",
            "attach",
            "portforward",
            "proxy",
            "binding",
            "eviction",
            "ephemeralcontainers",
            "resize",
            "token",
            "approval",
            "finalize");

    private record Labels(
            String verb, String group, String version, String resource, String subresource, String scope) {

        Tags tags() {
            return Tags.of(
                    "verb",
                    verb,
                    "group",
                    group,
                    "version",
                    version,
                    "resource",
                    resource,
                    "subresource",
                    subresource,
                    "scope",
                    scope,
                    "component",
                    "apiserver");
        }
    }

    private record Answered(Labels labels, int code) {}

    private final MeterRegistry registry;
    private final Predicate<RequestInfo> served;
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Labels, AtomicInteger> lasting = new ConcurrentHashMap<>();
    private final Map<Answered, Counter> counters = new ConcurrentHashMap<>();

    /** @param served whether a request is about a resource that there is */
    public RequestMeters(MeterRegistry registry, Predicate<RequestInfo> served) {
        this.registry = registry;
        this.served = served;
    }

    /** Shows how many are in flight. */
    void watch(InFlight inFlight) {
        Gauge.builder("apiserver.current.inflight.requests", inFlight, InFlight::reads)
                .tag("request_kind", "readOnly")
                .register(registry);
        Gauge.builder("apiserver.current.inflight.requests", inFlight, InFlight::writes)
                .tag("request_kind", "mutating")
                .register(registry);
    }

    /** Counts a call, now if it is one that lasts, and when it is over. */
    void follow(Call call) {
        Labels labels = labels(call);
        AtomicInteger running = call.info().longRunning() ? running(labels) : null;
        if (running != null) {
            running.incrementAndGet();
        }
        call.onEnd(() -> {
            if (running != null) {
                running.decrementAndGet();
            }
            timers.computeIfAbsent(labels, this::timer).record(call.elapsedMicros(), TimeUnit.MICROSECONDS);
            counters.computeIfAbsent(new Answered(labels, call.code()), this::counter)
                    .increment();
        });
    }

    private Labels labels(Call call) {
        RequestInfo info = call.info();
        if (!info.resourceRequest() || !served.test(info)) {
            return new Labels(verb(info, call.method()), "", "", "", "", "");
        }
        String scope = !info.name().isEmpty() ? "resource" : info.namespace().isEmpty() ? "cluster" : "namespace";
        boolean known = info.subresource().isEmpty() || SUBRESOURCES.contains(info.subresource());
        return new Labels(
                verb(info, call.method()),
                info.group(),
                info.version(),
                info.resource(),
                known ? info.subresource() : "",
                scope);
    }

    private static String verb(RequestInfo info, String method) {
        boolean connects =
                switch (info.subresource()) {
                    case "exec", "attach", "portforward", "proxy", "log" -> true;
                    default -> false;
                };
        return connects
                ? "CONNECT"
                : switch (info.verb()) {
                    case "list", "watch", "deletecollection" -> info.verb().toUpperCase(Locale.ROOT);
                    default ->
                        switch (method) {
                            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
                            default -> "other";
                        };
                };
    }

    private AtomicInteger running(Labels labels) {
        return lasting.computeIfAbsent(labels, l -> {
            var count = new AtomicInteger();
            Gauge.builder("apiserver.longrunning.requests", count, AtomicInteger::get)
                    .tags(l.tags())
                    .register(registry);
            return count;
        });
    }

    private Timer timer(Labels labels) {
        return Timer.builder("apiserver.request.duration")
                .tags(labels.tags())
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
    }

    private Counter counter(Answered answered) {
        return Counter.builder("apiserver.request")
                .tags(answered.labels().tags().and("code", Integer.toString(answered.code())))
                .register(registry);
    }
}
