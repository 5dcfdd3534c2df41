package io.vertikube.kubelet;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.control.EventRecorder;
import io.vertikube.kubelet.eviction.MachineSignals;
import io.vertikube.kubelet.eviction.NodeSignals;
import io.vertikube.kubelet.images.PullRecords;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.kubelet.shutdown.GracefulShutdown;
import io.vertikube.kubelet.shutdown.SystemState;
import io.vertikube.service.RunningService;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running kubelet: the composition root, read top to bottom. Stopping it leaves the pods running; a new one finds them
 * again. Safe for any thread.
 */
public final class KubeletService implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(KubeletService.class);

    /** Raw calls reach the runtime's best rate with 4 to 16 pods under way; more only make all of them late. */
    private static final int STARTS_AT_ONCE = 8;

    private static final String SIMULATED_RANGE = "10.255.0.0/16";

    private final OwnedParts owned = new OwnedParts();
    private final NodePresence node;
    private final GracefulShutdown shutdown;

    private KubeletService(
            Vertx vertx,
            KubeletOptions options,
            MeterRegistry meters,
            ContainerRuntime runtime,
            Optional<NodeSignals> given)
            throws IOException {
        InstantSource clock = InstantSource.system();
        // Secrets are below it, in files that anybody may read.
        Files.createDirectories(
                options.rootDir(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        KubeConfig config = KubeConfig.load(options.kubeconfig());
        ApiClient client = owned.own(ApiClient.connect(vertx, config, "kubelet"));
        owned.own(runtime);
        var machine = new Machine(options.rootDir());
        var ground = new Ground(
                vertx,
                options,
                meters,
                client,
                runtime,
                machine,
                List.of(options.nodeIp().orElseGet(() -> Machine.addressTowards(config.server()))),
                given.orElseGet(() -> new MachineSignals(machine, runtime, options.rootDir())),
                new PullRecords(options.isSimulated() ? Optional.empty() : Optional.of(options.rootDir()), clock),
                owned.own(new EventRecorder(
                        client,
                        "kubelet",
                        options.hostname(),
                        clock,
                        runtime::isCrowded,
                        options.policies().events())),
                owned,
                new Switchboard(),
                clock);
        var views = new ApiViews(ground);
        if (runtime instanceof SimulatedRuntime simulated) {
            simulated.annotations(views::annotations);
        }
        var parts = new PodParts(ground, views);
        var care = new MachineCare(ground, parts);
        this.node = new NodePresence(ground, views, parts, care);
        this.shutdown = new GracefulShutdown(
                options.policies().shutdown(),
                SystemState::isStopping,
                parts.pods(),
                parts.tools().status(),
                node.agent()::shuttingDown,
                clock);
        ground.switchboard().connect(shutdown);
        Gauge.builder("kubelet.running.pods", parts.pods(), known -> known.all().size())
                .register(meters);

        node.start();
        views.start();
        parts.start();
        care.start();
    }

    /** Starts a kubelet; returns when it serves. The node becomes Ready on its own, soon after. */
    public static KubeletService start(Vertx vertx, KubeletOptions options, MeterRegistry meters) {
        ContainerRuntime runtime = options.isSimulated()
                ? new SimulatedRuntime(InstantSource.system(), Cidr.parse(SIMULATED_RANGE))
                : CriRuntime.open(
                        options.runtimeEndpoint(),
                        STARTS_AT_ONCE,
                        options.policies().runtime().request());
        return start(vertx, options, meters, runtime);
    }

    /** Starts a kubelet on a runtime that is there already, which it closes when it stops. */
    public static KubeletService start(
            Vertx vertx, KubeletOptions options, MeterRegistry meters, ContainerRuntime runtime) {
        return start(vertx, options, meters, runtime, Optional.empty());
    }

    /** Starts a kubelet that is told what its machine has left, rather than to look itself. */
    public static KubeletService start(
            Vertx vertx,
            KubeletOptions options,
            MeterRegistry meters,
            ContainerRuntime runtime,
            Optional<NodeSignals> signals) {
        try {
            var service = new KubeletService(vertx, options, meters, runtime, signals);
            LOG.info("kubelet of node {} serves on port {}", options.hostname(), service.port());
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the kubelet: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "kubelet";
    }

    /** The HTTPS port. */
    public int port() {
        return node.server().port();
    }

    /** Whether the API has been told that the node is Ready. */
    public boolean nodeReady() {
        return node.agent().ready();
    }

    @Override
    public void close() {
        shutdown.run();
        owned.close();
    }
}
