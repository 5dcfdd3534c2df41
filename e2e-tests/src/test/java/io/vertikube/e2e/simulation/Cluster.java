package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.Limits;
import io.vertikube.apiserver.front.FrontLimits;
import io.vertikube.apiserver.storage.StorageLimits;
import io.vertikube.apiserver.storage.StoreWatch;
import io.vertikube.apiserver.testing.Surroundings;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.controller.ControllerManagerOptions;
import io.vertikube.controller.ControllerManagerService;
import io.vertikube.scheduler.SchedulerOptions;
import io.vertikube.scheduler.SchedulerService;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The parts of a simulated cluster and how they are started and killed. Confined to the thread that drives the
 * simulation.
 */
final class Cluster implements AutoCloseable {

    private static final String SCHEDULER = "kube-scheduler";
    private static final String CONTROLLERS = "kube-controller-manager";
    private static final Duration NEVER = Duration.ofDays(1);

    /** Nothing ends by the machine's clock. */
    private static final ApiServerOptions OPTIONS = ApiServerOptions.forTests()
            .withLimits(Limits.defaults()
                    .withFront(FrontLimits.DEFAULT.withPatience(NEVER, NEVER, NEVER))
                    .withStorage(StorageLimits.defaults().withRevisionWait(NEVER)));

    private static final int FLEET_THREADS = 32;

    /** At which an empty store stands. */
    private static final long FIRST_REVISION = 1;

    private final long seed;
    private final VirtualTime time;
    private final Invariants invariants = Invariants.create();
    private final History history;
    private final TestServer server;
    private final StoreWatch truth;
    private final ApiClient driver;
    private final Fleet fleet;
    /** All that were ever opened: one that is dropped would be closed whenever the JVM collects it. */
    private final List<ApiClient> connections = new ArrayList<>();

    private final List<AutoCloseable> followers = new ArrayList<>();
    private final Deque<SchedulerService> schedulers = new ArrayDeque<>();
    private final Deque<ControllerManagerService> controllers = new ArrayDeque<>();
    private int incarnations;

    /** A server, and nobody yet who acts; see {@link #begin}. */
    Cluster(long seed, VirtualTime time, Function<VertxOptions, Vertx> vertx, List<String> nodes) {
        this.seed = seed;
        this.time = time;
        history = new History(time, invariants.all());
        server = TestServer.start(OPTIONS, new Surroundings(time, new SeededChance(seed), vertx));
        truth = server.store().watch("", FIRST_REVISION, history);
        driver = keep(connect("simulation").takingRefusals());
        fleet = new Fleet(connect("kubelet"), time, history, invariants.identities(), nodes, FLEET_THREADS);
        Plan.NAMESPACES.forEach(server::namespace);
    }

    /** Everybody comes. */
    void begin() throws InterruptedException {
        ApiClient watching = connect("followers");
        followers.add(WatchFollower.start(watching, Pod.class, "pods-1", invariants.watches()));
        followers.add(WatchFollower.start(watching, Pod.class, "pods-2", invariants.watches()));
        followers.add(WatchFollower.start(watching, Node.class, "nodes", invariants.watches()));
        followers.add(WatchFollower.start(watching, Service.class, "services", invariants.watches()));
        startAll();
        fleet.start();
    }

    private ApiClient connect(String component) {
        return keep(ApiClient.connect(server.vertx(), server.admin().config(), component, time));
    }

    private ApiClient keep(ApiClient connection) {
        connections.add(connection);
        return connection;
    }

    VirtualTime time() {
        return time;
    }

    History history() {
        return history;
    }

    Invariants invariants() {
        return invariants;
    }

    Fleet fleet() {
        return fleet;
    }

    TestServer server() {
        return server;
    }

    /** The driver's own connection; it is refused like anybody, and 429 is an answer. */
    ApiClient driver() {
        return driver;
    }

    /** Whether some scheduler and some controllers have seen the cluster and act. */
    boolean works() {
        return schedulers.stream().anyMatch(one -> one.health().isReady())
                && controllers.stream().anyMatch(ControllerManagerService::working);
    }

    void restartServer() {
        server.restart();
    }

    /** As many of both as stand by when all is well. */
    void startAll() {
        while (controllers.size() < Plan.STANDING_BY) {
            startControllers();
        }
        while (schedulers.size() < Plan.STANDING_BY) {
            startScheduler();
        }
    }

    void startScheduler() {
        var options = SchedulerOptions.alone(server.as("system:kube-scheduler").config())
                .withLeadership(new Leadership(
                        true,
                        Leadership.NAMESPACE,
                        SCHEDULER,
                        "scheduler-" + ++incarnations,
                        LeaderElector.Timings.defaults()));
        schedulers.add(SchedulerService.start(
                server.vertx(),
                options,
                new SimpleMeterRegistry(),
                time,
                new SplittableRandom(seed + incarnations),
                Thread.ofVirtual().name("scheduler").factory()));
    }

    void startControllers() {
        var me = server.as("system:kube-controller-manager").config();
        var options = ControllerManagerOptions.defaults(me, "controllers-" + ++incarnations)
                .withRootCa(new String(me.caPem(), StandardCharsets.US_ASCII))
                .withNodeRanges(new ControllerManagerOptions.NodeRanges(true, List.of("10.42.0.0/14"), 24, 64));
        controllers.add(ControllerManagerService.start(server.vertx(), options, new SimpleMeterRegistry(), time));
    }

    /** It dies without a word: its Lease stays, its requests never arrive. */
    void killScheduler() {
        SchedulerService oldest = schedulers.poll();
        if (oldest != null) {
            killed(SCHEDULER, oldest::close);
        }
    }

    void killControllers() {
        ControllerManagerService oldest = controllers.poll();
        if (oldest != null) {
            killed(CONTROLLERS, oldest::close);
        }
    }

    private void killed(String component, Runnable end) {
        server.faults().shutOut(component);
        try {
            end.run();
        } finally {
            server.faults().shutOut("");
        }
    }

    @Override
    public void close() {
        while (!schedulers.isEmpty()) {
            killScheduler();
        }
        while (!controllers.isEmpty()) {
            killControllers();
        }
        for (AutoCloseable follower : followers) {
            try {
                follower.close();
            } catch (Exception e) {
                throw new IllegalStateException("a follower did not end", e);
            }
        }
        fleet.close();
        truth.close();
        connections.forEach(ApiClient::close);
        server.close();
    }
}
