package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.cache.Informers;
import io.vertikube.client.ApiClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.control.Time;
import io.vertikube.scheduler.cycle.SchedulingCycle;
import io.vertikube.scheduler.plugin.ClusterEvent;
import io.vertikube.scheduler.plugin.Plugin;
import io.vertikube.scheduler.plugin.Plugins;
import io.vertikube.scheduler.queue.SchedulingQueue;
import io.vertikube.scheduler.snapshot.ClusterCache;
import io.vertikube.service.HealthChecks;
import io.vertikube.service.RunningService;
import io.vertikube.service.ServiceEndpoint;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler as a service: the composition root. It watches from the start, and decides while it leads. Safe for any
 * thread.
 */
public final class SchedulerService implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(SchedulerService.class);
    private static final Duration SYNC_PATIENCE = Duration.ofMinutes(2);

    private final SchedulerOptions options;
    private final Time clock;
    private final ApiClient api;
    private final Informers informers;
    private final EventRecorder events;
    private final EventRecorder leaderEvents;
    private final Scheduler scheduler;
    private final HealthChecks health = new HealthChecks();
    private final Thread lead;
    private @Nullable ServiceEndpoint endpoint;
    private volatile @Nullable LeaderElector elector;
    private volatile boolean closed;

    private SchedulerService(
            Vertx vertx,
            SchedulerOptions options,
            MeterRegistry meters,
            Time clock,
            RandomGenerator random,
            ThreadFactory deciding) {
        this.options = options;
        this.clock = clock;
        this.api = ApiClient.connect(vertx, options.kubeConfig(), "kube-scheduler", clock);
        this.informers = new Informers(api);
        var surroundings = new ApiSurroundings(informers);
        var cache = new ClusterCache(surroundings);
        List<Plugin> plugins = Plugins.all();
        Map<String, Set<ClusterEvent>> wakes = plugins.stream().collect(Collectors.toMap(Plugin::name, Plugin::wakes));
        var queue = new SchedulingQueue(wakes, options.queueTimes(), clock);
        new ClusterFeed(options.schedulerName(), cache, queue).listenTo(informers);
        var budgets = informers.of(PodDisruptionBudget.class);
        this.events = new EventRecorder(api, options.schedulerName(), "", clock);
        this.leaderEvents = new EventRecorder(api, "kube-scheduler", "", clock);
        Gauge.builder("leader.election.master.status", this, service -> service.leads() ? 1 : 0)
                .description("1 while this instance leads")
                .tag("name", options.leadership().name())
                .register(meters);
        this.scheduler = new Scheduler(
                queue,
                cache,
                new SchedulingCycle(plugins, options.percentageOfNodesToScore()),
                budgets::list,
                new PodWriter(api, clock),
                new VolumeWriter(api, surroundings),
                events,
                options.schedulerName(),
                random,
                deciding,
                meters);
        this.lead = Thread.ofVirtual().name("scheduler-lead").unstarted(this::lead);
        health.addReady(
                "informers",
                () -> informers.synced() ? Optional.empty() : Optional.of("the API server has not answered yet"));
        if (options.serving().securePort() != 0) {
            this.endpoint = ServiceEndpoint.start(
                    vertx,
                    options.serving().bindAddress(),
                    options.serving().securePort(),
                    options.serving().tls(),
                    health,
                    meters instanceof PrometheusMeterRegistry scraped ? scraped : null);
        }
    }

    /** Starts, and returns when health is served; it decides as soon as it has seen the cluster and leads. */
    public static SchedulerService start(Vertx vertx, SchedulerOptions options, MeterRegistry meters) {
        return start(
                vertx,
                options,
                meters,
                Time.system(),
                new SplittableRandom(),
                Thread.ofPlatform().daemon().name("scheduler").factory());
    }

    /**
     * The same at a time of its own.
     *
     * @param random which of equally good nodes is taken
     * @param deciding makes the thread that decides
     */
    public static SchedulerService start(
            Vertx vertx,
            SchedulerOptions options,
            MeterRegistry meters,
            Time time,
            RandomGenerator random,
            ThreadFactory deciding) {
        var service = new SchedulerService(vertx, options, meters, time, random, deciding);
        service.informers.start();
        service.lead.start();
        return service;
    }

    @Override
    public String name() {
        return "kube-scheduler";
    }

    public HealthChecks health() {
        return health;
    }

    @Override
    public void close() {
        closed = true;
        // Who takes over after the Lease is given back must be alone.
        scheduler.end();
        LeaderElector current = elector;
        if (current != null) {
            current.close();
        }
        lead.interrupt();
        try {
            lead.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        informers.close();
        events.close();
        leaderEvents.close();
        ServiceEndpoint served = endpoint;
        if (served != null) {
            served.close();
        }
        api.close();
    }

    private boolean leads() {
        LeaderElector current = elector;
        return current != null && current.leading();
    }

    private void lead() {
        try {
            awaitCluster();
            if (!options.leadership().elect()) {
                scheduler.start();
                return;
            }
            while (!closed) {
                leadOnce();
            }
        } catch (InterruptedException e) {
            LOG.debug("leads no more");
        }
    }

    /** Waits for the lead and holds it; whatever goes wrong on the way ends this turn, not the service. */
    private void leadOnce() throws InterruptedException {
        Leadership leadership = options.leadership();
        var candidate = new LeaderElector(api, leadership, clock, leaderEvents);
        elector = candidate;
        try {
            candidate.run(scheduler::start, scheduler::close);
        } catch (RuntimeException e) {
            LOG.warn("no lead this time, again soon: {}", e.getMessage());
            clock.sleep(leadership.timings().retryPeriod());
        }
    }

    private void awaitCluster() throws InterruptedException {
        while (!closed) {
            try {
                informers.awaitSync(SYNC_PATIENCE);
                return;
            } catch (IllegalStateException e) {
                LOG.warn("still waiting for the API server: {}", e.getMessage());
            }
        }
    }
}
