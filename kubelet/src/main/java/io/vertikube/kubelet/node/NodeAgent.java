package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.WokenRounds;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this machine's Node in the API: registers it, tells its status when it changes or every few minutes, and looks
 * often until it is Ready. One virtual thread.
 */
public final class NodeAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final Duration WHILE_NOT_READY = Duration.ofMillis(100);
    private static final Duration LONGEST_NOT_READY = Duration.ofSeconds(5);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final KubeletOptions options;
    private final TypedClient<Node> nodes;
    private final ContainerRuntime runtime;
    private final Machine machine;
    private final List<String> addresses;
    private final IntSupplier port;
    private final Consumer<Node> seen;
    private final Supplier<Set<String>> pressures;
    private final VolumesInUse volumesInUse;
    private final Supplier<ExtendedResources> extended;
    private final InstantSource clock;
    private final Machine.Identity identity;
    private final WokenRounds rounds;
    private volatile @Nullable Node current;
    private volatile boolean ready;
    private volatile boolean stopping;
    private @Nullable Instant lastReport;
    private Duration notReadyPause = WHILE_NOT_READY;

    /** What the runtime said of itself. */
    private record Told(Optional<RuntimeVersion> version, List<Image> images, Optional<RuntimeStatus> status) {}

    /** Attachable volumes that this machine still holds. */
    @FunctionalInterface
    public interface VolumesInUse {
        List<String> names() throws IOException;
    }

    /**
     * Makes one.
     *
     * @param seen is told of the Node whenever this agent reads or writes it
     * @param extended what plugins offer of this machine
     * @param pressures types of conditions that are the case: MemoryPressure and so on
     */
    public NodeAgent(
            KubeletOptions options,
            ApiClient client,
            ContainerRuntime runtime,
            Machine machine,
            List<String> addresses,
            IntSupplier port,
            Consumer<Node> seen,
            Supplier<Set<String>> pressures,
            VolumesInUse volumesInUse,
            Supplier<ExtendedResources> extended,
            InstantSource clock) {
        this.options = options;
        this.nodes = client.of(Node.class);
        this.runtime = runtime;
        this.machine = machine;
        this.addresses = List.copyOf(addresses);
        this.port = port;
        this.seen = seen;
        this.pressures = pressures;
        this.volumesInUse = volumesInUse;
        this.extended = extended;
        this.clock = clock;
        this.identity = machine.identity();
        this.rounds = new WokenRounds(
                "node-status", this::round, AFTER_FAILURE, "node " + options.hostname() + " not updated, again soon");
    }

    public void start() {
        rounds.start();
    }

    /** Looks now: something about the node's network, room or devices changed. */
    public void wake() {
        rounds.wake();
    }

    /** The node takes no pods any more: the machine goes down. */
    public void shuttingDown() {
        stopping = true;
        wake();
    }

    /** The Node as last read or written. */
    public Optional<Node> node() {
        return Optional.ofNullable(current);
    }

    public boolean ready() {
        return ready;
    }

    @Override
    public void close() {
        rounds.close();
    }

    private Duration round() throws IOException {
        var told = new Told(Optional.empty(), List.of(), Optional.empty());
        Optional<String> problem;
        try {
            RuntimeStatus status = runtime.status();
            told = new Told(Optional.of(runtime.version()), runtime.images(), Optional.of(status));
            problem = problemOf(status);
        } catch (RuntimeFailure e) {
            problem = Optional.of("container runtime is down: " + e.getMessage());
        }
        if (stopping) {
            problem = Optional.of("node is shutting down");
        }
        Node node = current == null
                ? register(problem, told)
                : nodes.find("", options.hostname()).orElse(null);
        if (node == null) {
            node = register(problem, told);
        }
        NodeStatus status = status(node, problem, told);
        List<String> volumes = volumesInUse.names();
        status.setVolumesInUse(volumes.isEmpty() ? null : volumes);
        boolean due = lastReport == null
                || lastReport.plus(options.nodeStatusReportFrequency()).isBefore(clock.instant());
        NodeStatus before = node.getStatus() == null ? new NodeStatus() : node.getStatus();
        if (due || NodeStatusPlan.differ(before, status)) {
            node = nodes.updateStatus(new NodeBuilder(node).withStatus(status).build());
            lastReport = clock.instant();
        }
        remember(node, problem);
        if (problem.isEmpty()) {
            notReadyPause = WHILE_NOT_READY;
            return options.nodeStatusUpdateFrequency();
        }
        Duration pause = notReadyPause;
        notReadyPause = min(notReadyPause.multipliedBy(2), LONGEST_NOT_READY);
        return pause;
    }

    private void remember(Node node, Optional<String> problem) {
        current = node;
        if (ready != problem.isEmpty()) {
            ready = problem.isEmpty();
            LOG.info(
                    "node {} is {}",
                    options.hostname(),
                    problem.map(p -> "not ready: " + p).orElse("ready"));
        }
        seen.accept(node);
    }

    private Node register(Optional<String> problem, Told told) throws IOException {
        if (!options.policies().node().register()) {
            return nodes.get("", options.hostname());
        }
        Map<String, String> labels = new HashMap<>(options.nodeLabels());
        labels.put("kubernetes.io/hostname", options.hostname());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", identity.architecture());
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("beta.kubernetes.io/arch", identity.architecture());
        Node fresh = new NodeBuilder()
                .withNewMetadata()
                .withName(options.hostname())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withProviderID(options.policies().node().providerId().orElse(null))
                .withTaints(options.registerWithTaints().stream()
                        .map(NodeAgent::taint)
                        .toList())
                .endSpec()
                .build();
        fresh.setStatus(status(fresh, problem, told));
        try {
            Node created = nodes.create(fresh);
            LOG.info("node {} registered", options.hostname());
            return created;
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
            return relabel(nodes.get("", options.hostname()), labels);
        }
    }

    /** A node that was here before keeps its labels; ours are set again. */
    private Node relabel(Node node, Map<String, String> labels) {
        Map<String, String> all = new HashMap<>();
        if (node.getMetadata().getLabels() != null) {
            all.putAll(node.getMetadata().getLabels());
        }
        if (all.entrySet().containsAll(labels.entrySet())) {
            return node;
        }
        all.putAll(labels);
        return nodes.update(new NodeBuilder(node)
                .editMetadata()
                .withLabels(all)
                .endMetadata()
                .build());
    }

    private NodeStatus status(Node node, Optional<String> problem, Told told) throws IOException {
        return NodeStatusPlan.of(new NodeStatusPlan.Input(
                node.getStatus() == null ? new NodeStatus() : node.getStatus(),
                identity,
                machine.resources(),
                told.version(),
                told.images(),
                told.status(),
                problem,
                options.hostname(),
                addresses,
                port.getAsInt(),
                options.maxPods(),
                options.policies(),
                pressures.get(),
                extended.get(),
                clock.instant()));
    }

    private static Optional<String> problemOf(RuntimeStatus status) {
        if (!status.runtimeReady()) {
            return Optional.of("container runtime not ready: " + status.reason() + ": " + status.message());
        }
        return status.networkReady()
                ? Optional.empty()
                : Optional.of("container runtime network not ready: NetworkReady=false reason:" + status.reason()
                        + " message:" + status.message());
    }

    /** {@code key=value:effect}. */
    private static Taint taint(String text) {
        String[] parts = text.split(":", 2);
        String[] pair = parts[0].split("=", 2);
        var taint = new Taint();
        taint.setKey(pair[0]);
        taint.setValue(pair.length > 1 ? pair[1] : null);
        taint.setEffect(parts.length > 1 ? parts[1] : "NoSchedule");
        return taint;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
