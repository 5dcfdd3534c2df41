package io.vertikube.apiserver.chain;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How many requests there were and how long they took, under the names that Kubernetes has for it. Labels are words of
 * the server, never of the caller, so that nobody can fill the memory with them (CVE-2020-8552). Safe for any thread.
 */
final class RequestMeters {

    private record Labels(String verb, String resource, String subresource, int code) {}

    private final MeterRegistry registry;
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry, InFlight inFlight) {
        this.registry = registry;
        Gauge.builder("apiserver.current.inflight.requests", inFlight, InFlight::reads)
                .tag("request_kind", "readOnly")
                .register(registry);
        Gauge.builder("apiserver.current.inflight.requests", inFlight, InFlight::writes)
                .tag("request_kind", "mutating")
                .register(registry);
    }

    /** Counts a call when it is over. */
    void follow(Call call) {
        call.onEnd(() ->
                timers.computeIfAbsent(labels(call), this::timer).record(call.elapsedMicros(), TimeUnit.MICROSECONDS));
    }

    /** What was refused before its resource was known to exist counts under no resource. */
    private static Labels labels(Call call) {
        RequestInfo info = call.info();
        int code = call.code();
        boolean known = info.resourceRequest() && code != 401 && code != 403 && code != 404 && code != 405 && code != 0;
        String verb = info.resourceRequest() ? info.verb() : "get";
        return known
                ? new Labels(verb, info.resource(), info.subresource(), code)
                : new Labels(info.resourceRequest() && code != 405 ? verb : "", "", "", code);
    }

    private Timer timer(Labels labels) {
        return Timer.builder("apiserver.request.duration")
                .tag("verb", labels.verb())
                .tag("resource", labels.resource())
                .tag("subresource", labels.subresource())
                .tag("code", Integer.toString(labels.code()))
                .register(registry);
    }
}
