package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.storage.StoreWatch;
import io.vertikube.apiserver.testing.Surroundings;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.UnreachableException;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.controller.ControllerManagerOptions;
import io.vertikube.controller.ControllerManagerService;
import io.vertikube.scheduler.SchedulerOptions;
import io.vertikube.scheduler.SchedulerService;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a simulated cluster and how they are started and killed. Confined to the thread that drives the
 * simulation.
 */
final class Cluster implements AutoCloseable {

    private static final Instant ORIGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final String SCHEDULER = "kube-scheduler";
    private static final String CONTROLLERS = "kube-controller-manager";
    private static final int FLEET_THREADS = 32;
    private static final int ONE_LOOP = 1;
    private static final int FIRST_TRIES = 10;

    /** At which an empty store stands. */
    private static final long FIRST_REVISION = 1;

    private final long seed;
    private final VirtualTime time;
    private final Turnstile turnstile;
    private final Stillness stillness;
    private final Invariants invariants = Invariants.create();
    private final History history;
    private final TestServer server;
    private final StoreWatch truth;
    private final ApiClient driver;
    private final Fleet fleet;
    private final List<AutoCloseable> followers = new ArrayList<>();
    private @Nullable SchedulerService scheduler;
    private @Nullable ControllerManagerService controllers;
    private int incarnations;

    /** A server, and nobody yet who acts; see {@link #begin}. */
    Cluster(long seed, List<String> nodes) {
        this.seed = seed;
        turnstile = new Turnstile(seed);
        time = new VirtualTime(ORIGIN, seed, turnstile);
        history = new History(time, invariants.all());
        server =
                TestServer.start(ApiServerOptions.forTests(), new Surroundings(time, new SeededChance(seed), ONE_LOOP));
        stillness = new Stillness(server.vertx().getOrCreateContext(), this::traces, () -> turnstile.asking() == 0);
        truth = server.store().watch("", FIRST_REVISION, history);
        driver = connect("simulation").takingRefusals();
        fleet = new Fleet(connect("kubelet"), time, history, invariants.identities(), nodes, FLEET_THREADS);
        Plan.NAMESPACES.forEach(this::namespace);
    }

    /** The first request of all meets cold code and may take longer than a connection is waited for. */
    private void namespace(String name) {
        for (int left = FIRST_TRIES; ; left--) {
            try {
                server.namespace(name);
                return;
            } catch (UnreachableException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    /** Everybody comes. */
    void begin() throws InterruptedException {
        ApiClient watching = connect("followers");
        followers.add(WatchFollower.start(watching, Pod.class, "pods-1", invariants.watches()));
        followers.add(WatchFollower.start(watching, Pod.class, "pods-2", invariants.watches()));
        followers.add(WatchFollower.start(watching, Node.class, "nodes", invariants.watches()));
        followers.add(WatchFollower.start(watching, Service.class, "services", invariants.watches()));
        startControllers();
        startScheduler();
        fleet.start();
    }

    private ApiClient connect(String component) {
        return ApiClient.connect(server.vertx(), server.admin().config(), component, time);
    }

    /** The order of requests is the seed's from now on, or again nobody's. */
    void inTurns(boolean yes) {
        turnstile.open(!yes);
    }

    /** Waits until nobody does anything but wait for time to go by, and lets pass on the way who waits for his turn. */
    void settle() throws InterruptedException {
        do {
            stillness.await();
        } while (turnstile.next());
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

    /** What changes when somebody does something. */
    private List<Long> traces() {
        return List.of(
                server.faults().steps(), server.store().currentRevision(), history.revision(), time.waits(), (long)
                        fleet.depth());
    }

    /** Whether scheduler and controllers have seen the cluster and act. */
    boolean works() {
        SchedulerService placing = scheduler;
        ControllerManagerService acting = controllers;
        return placing != null && placing.health().isReady() && acting != null && acting.working();
    }

    void restartServer() {
        server.restart();
    }

    void startScheduler() {
        if (scheduler == null) {
            var alone =
                    SchedulerOptions.alone(server.as("system:kube-scheduler").config());
            var options = new SchedulerOptions(
                    alone.kubeConfig(),
                    alone.schedulerName(),
                    alone.percentageOfNodesToScore(),
                    alone.queueTimes(),
                    new Leadership(
                            true,
                            "kube-system",
                            SCHEDULER,
                            "scheduler-" + ++incarnations,
                            LeaderElector.Timings.defaults()),
                    alone.serving());
            scheduler = SchedulerService.start(
                    server.vertx(),
                    options,
                    new SimpleMeterRegistry(),
                    time,
                    new SplittableRandom(seed + incarnations),
                    Thread.ofVirtual().name("scheduler").factory());
        }
    }

    void startControllers() {
        if (controllers == null) {
            var me = server.as("system:kube-controller-manager").config();
            var options = ControllerManagerOptions.defaults(me, "controllers-" + ++incarnations)
                    .withRootCa(new String(me.caPem(), StandardCharsets.US_ASCII))
                    .withNodeRanges(new ControllerManagerOptions.NodeRanges(true, List.of("10.42.0.0/14"), 24, 64));
            controllers = ControllerManagerService.start(server.vertx(), options, new SimpleMeterRegistry(), time);
        }
    }

    /** It dies without a word: its Lease stays, its requests never arrive. */
    void killScheduler() {
        SchedulerService running = scheduler;
        scheduler = null;
        if (running != null) {
            killed(SCHEDULER, running::close);
        }
    }

    void killControllers() {
        ControllerManagerService running = controllers;
        controllers = null;
        if (running != null) {
            killed(CONTROLLERS, running::close);
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
        turnstile.open(true);
        killScheduler();
        killControllers();
        for (AutoCloseable follower : followers) {
            try {
                follower.close();
            } catch (Exception e) {
                throw new IllegalStateException("a follower did not end", e);
            }
        }
        fleet.close();
        truth.close();
        driver.close();
        server.close();
    }
}
