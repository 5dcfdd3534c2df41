package io.vertikube.controller;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.client.ApiClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Time;
import io.vertikube.service.HealthChecks;
import io.vertikube.service.RunningService;
import io.vertikube.service.ServiceEndpoint;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running controller-manager: serves health and metrics at once, and runs the controllers while it leads. One that loses the lead
 * drops what it knows and stands for election again. Safe for any thread.
 */
public final class ControllerManagerService implements RunningService {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerManagerService.class);

    private final ControllerManagerOptions options;
    private final MeterRegistry meters;
    private final Time clock;
    private final ApiClient client;
    private final AtomicReference<@Nullable Term> term = new AtomicReference<>();
    private final AtomicReference<@Nullable LeaderElector> elector = new AtomicReference<>();
    private final Thread candidate;
    private @Nullable ServiceEndpoint endpoint;
    private volatile boolean closed;

    private ControllerManagerService(Vertx vertx, ControllerManagerOptions options, MeterRegistry meters, Time clock) {
        this.options = options;
        this.meters = meters;
        this.clock = clock;
        this.client = ApiClient.connect(vertx, options.kubeConfig(), "kube-controller-manager", clock);
        Gauge.builder("leader.election.master.status", this, service -> service.leads() ? 1 : 0)
                .description("1 while this instance leads")
                .tag("name", options.leadership().name())
                .register(meters);
        this.candidate = Thread.ofVirtual().name("controller-manager").unstarted(this::stand);
    }

    /**
     * Starts one; returns when health is served. Blocks; not for event loops.
     *
     * @throws IllegalArgumentException for a controller that there is not, or a range that is none
     */
    public static ControllerManagerService start(Vertx vertx, ControllerManagerOptions options, MeterRegistry meters) {
        return start(vertx, options, meters, Time.system());
    }

    /** The same at a time of its own. */
    public static ControllerManagerService start(
            Vertx vertx, ControllerManagerOptions options, MeterRegistry meters, Time time) {
        Selection.of(options.controllers(), Controllers.all());
        var service = new ControllerManagerService(vertx, options, meters, time);
        service.serve(vertx);
        service.candidate.start();
        return service;
    }

    @Override
    public String name() {
        return "kube-controller-manager";
    }

    /** Whether this instance leads and its controllers work. */
    public boolean working() {
        Term current = term.get();
        return current != null && current.running();
    }

    private boolean leads() {
        LeaderElector standing = elector.get();
        return standing != null && standing.leading();
    }

    @Override
    public void close() {
        closed = true;
        LeaderElector standing = elector.get();
        endTerm();
        if (standing != null) {
            standing.close();
        }
        candidate.interrupt();
        ServiceEndpoint serving = endpoint;
        if (serving != null) {
            serving.close();
        }
        client.close();
    }

    private void serve(Vertx vertx) {
        ControllerManagerOptions.Serving serving = options.serving();
        if (serving.securePort() == 0) {
            return;
        }
        var health = new HealthChecks();
        health.addLive("leaderElection", () -> closed ? Optional.of("the service stops") : Optional.empty());
        endpoint = ServiceEndpoint.start(
                vertx,
                serving.bindAddress(),
                serving.securePort(),
                serving.tls(),
                health,
                meters instanceof PrometheusMeterRegistry prometheus ? prometheus : null);
    }

    private void stand() {
        if (!options.leadership().elect()) {
            beginTerm();
            return;
        }
        try (var events = new EventRecorder(client, name(), "", clock)) {
            while (!closed) {
                var standing = new LeaderElector(client, options.leadership(), clock, events);
                elector.set(standing);
                hold(standing);
            }
        } catch (InterruptedException stopped) {
            LOG.debug("no longer a candidate");
        }
    }

    /** Holds the Lease for as long as it can; what goes wrong ends the term, not the service. */
    private void hold(LeaderElector standing) throws InterruptedException {
        try {
            standing.run(this::beginTerm, this::endTerm);
        } catch (RuntimeException failure) {
            LOG.warn("the election starts afresh", failure);
            clock.sleep(options.leadership().timings().retryPeriod());
        }
    }

    private void beginTerm() {
        var fresh = new Term(client, options, meters, clock);
        term.set(fresh);
        fresh.start();
        if (closed) {
            endTerm();
        }
    }

    private void endTerm() {
        Term ended = term.getAndSet(null);
        if (ended != null) {
            ended.close();
        }
    }
}
