package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.storage.StoreWatch;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.control.LeaderElector;
import io.vertikube.controller.ControllerManagerOptions;
import io.vertikube.controller.ControllerManagerService;
import io.vertikube.scheduler.SchedulerOptions;
import io.vertikube.scheduler.SchedulerService;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /** At which an empty store stands. */
    private static final long FIRST_REVISION = 1;

    private final VirtualTime time = new VirtualTime(ORIGIN);
    private final Invariants invariants = Invariants.create();
    private final History history = new History(time, invariants.all());
    private final TestServer server;
    private final StoreWatch truth;
    private final ApiClient driver;
    private final Fleet fleet;
    private final List<AutoCloseable> followers = new ArrayList<>();
    private @Nullable SchedulerService scheduler;
    private @Nullable ControllerManagerService controllers;
    private int incarnations;

    Cluster(List<String> nodes) throws InterruptedException {
        server = TestServer.start(ApiServerOptions.forTests(), time);
        truth = server.store().watch("", FIRST_REVISION, history);
        driver = server.client().takingRefusals();
        fleet = new Fleet(
                ApiClient.connect(server.vertx(), server.admin().config(), "kubelet"),
                time,
                history,
                invariants.identities(),
                nodes,
                FLEET_THREADS);
        Plan.NAMESPACES.forEach(server::namespace);
        ApiClient watching = server.client();
        followers.add(WatchFollower.start(watching, Pod.class, "pods-1", invariants.watches()));
        followers.add(WatchFollower.start(watching, Pod.class, "pods-2", invariants.watches()));
        followers.add(WatchFollower.start(watching, Node.class, "nodes", invariants.watches()));
        followers.add(WatchFollower.start(watching, Service.class, "services", invariants.watches()));
        startControllers();
        startScheduler();
        fleet.start();
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

    /** All there is to see of whether anybody does anything: as long as it stays equal, nobody does. */
    List<Long> traces() {
        return List.of(
                server.faults().steps(), server.store().currentRevision(), history.revision(), time.waits(), (long)
                        fleet.depth());
    }

    /** Whether what is written has been seen by the history. */
    boolean caughtUp() {
        return history.revision() >= server.store().currentRevision() && fleet.depth() == 0;
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
                    new SchedulerOptions.Leadership(
                            true,
                            "kube-system",
                            SCHEDULER,
                            "scheduler-" + ++incarnations,
                            LeaderElector.Timings.defaults()),
                    alone.serving());
            scheduler = SchedulerService.start(server.vertx(), options, new SimpleMeterRegistry(), time);
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
