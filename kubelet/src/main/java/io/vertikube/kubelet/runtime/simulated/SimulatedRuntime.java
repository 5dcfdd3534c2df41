package io.vertikube.kubelet.runtime.simulated;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.ImageFilesystem;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeFailure.Kind;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.SandboxStatus;
import io.vertikube.kubelet.runtime.StreamOptions;
import io.vertikube.value.Cidr;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A runtime in memory. Every image can be pulled unless its name holds {@code does-not-exist}; addresses come from a
 * range that may be given later; commands are {@link ToyCommands}, ports {@link SimulatedPorts}. Safe for any thread.
 */
public final class SimulatedRuntime implements ContainerRuntime {

    private static final String MISSING = "does-not-exist";
    private static final long IMAGE_BYTES = 1_000_000;

    private record Box(String id, SandboxConfig config, Instant createdAt, boolean ready, String ip) {}

    private final InstantSource clock;
    private final AtomicLong ids = new AtomicLong();
    private final Map<String, Box> sandboxes = new ConcurrentSkipListMap<>();
    private final Map<String, SimulatedContainer> containers = new ConcurrentSkipListMap<>();
    private final Map<String, LinuxResources> updated = new ConcurrentHashMap<>();
    private final Set<String> images = ConcurrentHashMap.newKeySet();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final TreeSet<Long> takenAddresses = new TreeSet<>();
    private final StreamServer streaming;
    private final SimulatedUsage usage = new SimulatedUsage();
    private volatile Cidr range;

    public SimulatedRuntime(InstantSource clock, Cidr range) {
        this.clock = clock;
        this.range = range;
        this.streaming = new StreamServer(clock);
    }

    /** Sandboxes made from now on take their addresses from here. */
    public void addresses(Cidr newRange) {
        range = newRange;
    }

    /** Where the annotations are that say what containers pretend to use, by pod uid; see {@link SimulatedUsage}. */
    public void annotations(Function<String, Map<String, String>> byPodUid) {
        usage.annotations(byPodUid);
    }

    @Override
    public RuntimeVersion version() {
        return new RuntimeVersion("simulated", "1.0");
    }

    @Override
    public RuntimeStatus status() {
        return new RuntimeStatus(true, true, "", "", List.of(new RuntimeStatus.Handler("", false, true)), true);
    }

    @Override
    public String runSandbox(SandboxConfig config, String handler) {
        String id = newId();
        String ip = config.namespaces().hostNetwork() ? "" : takeAddress();
        sandboxes.put(id, new Box(id, config, clock.instant(), true, ip));
        return id;
    }

    @Override
    public void stopSandbox(String sandboxId) {
        Box box = sandboxes.get(sandboxId);
        if (box == null || !box.ready()) {
            return;
        }
        ofSandbox(sandboxId).forEach(SimulatedContainer::stop);
        sandboxes.computeIfPresent(sandboxId, (id, old) -> new Box(id, old.config(), old.createdAt(), false, old.ip()));
        giveBack(box.ip());
        tell(box.config().pod().uid());
    }

    @Override
    public void removeSandbox(String sandboxId) {
        stopSandbox(sandboxId);
        ofSandbox(sandboxId).forEach(container -> removeContainer(container.id()));
        sandboxes.remove(sandboxId);
    }

    @Override
    public Optional<SandboxStatus> sandboxStatus(String sandboxId) {
        return Optional.ofNullable(sandboxes.get(sandboxId))
                .map(box -> new SandboxStatus(
                        box.id(),
                        box.config().pod(),
                        box.config().attempt(),
                        box.ready(),
                        box.createdAt(),
                        box.config().namespaces().hostNetwork(),
                        box.ip().isEmpty() ? List.of() : List.of(box.ip())));
    }

    @Override
    public List<Sandbox> sandboxes(Map<String, String> labels) {
        return sandboxes.values().stream()
                .filter(box -> box.config().labels().entrySet().containsAll(labels.entrySet()))
                .map(box -> new Sandbox(
                        box.id(),
                        box.config().pod(),
                        box.config().attempt(),
                        box.ready(),
                        box.createdAt(),
                        box.config().labels()))
                .toList();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandbox) {
        Box box = sandboxes.get(sandboxId);
        if (box == null || !box.ready()) {
            throw new RuntimeFailure(Kind.NOT_FOUND, "sandbox \"" + sandboxId + "\" is not running");
        }
        if (image(config.image()).isEmpty()) {
            throw new RuntimeFailure(Kind.NOT_FOUND, "image \"" + config.image() + "\": not found");
        }
        String id = newId();
        var container = new SimulatedContainer(
                id,
                sandboxId,
                config,
                Path.of(sandbox.logDirectory()).resolve(config.logPath()),
                box.config().hostname(),
                "sha256:" + hex(config.image()),
                clock,
                () -> tell(box.config().pod().uid()));
        containers.put(id, container);
        return id;
    }

    @Override
    public void startContainer(String containerId) {
        SimulatedContainer container = require(containerId);
        if (container.state() != ContainerState.CREATED) {
            throw new RuntimeFailure(Kind.OTHER, "container \"" + containerId + "\" was started before");
        }
        container.start();
    }

    @Override
    public void stopContainer(String containerId, Duration grace) {
        SimulatedContainer container = containers.get(containerId);
        if (container != null) {
            container.stop();
        }
    }

    @Override
    public void removeContainer(String containerId) {
        SimulatedContainer container = containers.remove(containerId);
        updated.remove(containerId);
        if (container != null) {
            container.stop();
        }
    }

    @Override
    public List<Container> containers(Map<String, String> labels) {
        return containers.values().stream()
                .filter(container -> container.config().labels().entrySet().containsAll(labels.entrySet()))
                .map(container -> {
                    ContainerStatus status = container.status();
                    return new Container(
                            status.id(),
                            status.sandboxId(),
                            status.name(),
                            status.attempt(),
                            status.state(),
                            status.createdAt(),
                            status.labels(),
                            status.annotations(),
                            Set.of(container.config().image()));
                })
                .toList();
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return Optional.ofNullable(containers.get(containerId)).map(SimulatedContainer::status);
    }

    @Override
    public void updateResources(String containerId, LinuxResources resources) {
        require(containerId);
        updated.put(containerId, resources);
    }

    /** What a container was given last, for tests that look inside. */
    public LinuxResources resources(String containerId) {
        return updated.getOrDefault(containerId, require(containerId).config().resources());
    }

    @Override
    public void reopenLog(String containerId) {
        require(containerId);
    }

    @Override
    public ExecResult exec(String containerId, List<String> command, Duration timeout) {
        return SimulatedExec.run(requireRunning(containerId), command, timeout);
    }

    @Override
    public URI execUrl(String containerId, List<String> command, StreamOptions streams) {
        SimulatedContainer container = requireRunning(containerId);
        return streaming.offer(SimulatedExec.session(container, command, streams));
    }

    @Override
    public URI attachUrl(String containerId, StreamOptions streams) {
        return streaming.offer(SimulatedExec.attachment(requireRunning(containerId), streams));
    }

    @Override
    public URI portForwardUrl(String sandboxId, List<Integer> ports) {
        Box box = sandboxes.get(sandboxId);
        if (box == null || !box.ready()) {
            throw new RuntimeFailure(Kind.NOT_FOUND, "sandbox \"" + sandboxId + "\" is not running");
        }
        PodIdentity pod = box.config().pod();
        return streaming.offer(new ForwardSession(new SimulatedPorts(
                pod.namespace() + "/" + pod.name(),
                () -> ofSandbox(sandboxId).stream().filter(container -> container.state() == ContainerState.RUNNING))));
    }

    @Override
    public List<ContainerUsage> usage() {
        // Metrics carry milliseconds; with finer ones rates would never be what an annotation says.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        usage.keep(containers.keySet());
        return containers.values().stream()
                .filter(container -> container.state() == ContainerState.RUNNING)
                .map(container ->
                        usage.of(container, container.status().startedAt().orElse(now), now))
                .toList();
    }

    @Override
    public Optional<Image> image(String reference) {
        return images.stream()
                .filter(name -> name.equals(reference) || ("sha256:" + hex(name)).equals(reference))
                .findFirst()
                .map(SimulatedRuntime::asImage);
    }

    @Override
    public List<Image> images() {
        return images.stream().map(SimulatedRuntime::asImage).toList();
    }

    @Override
    public String pullImage(String reference, Optional<RegistryCredentials> credentials) {
        if (reference.contains(MISSING)) {
            throw new RuntimeFailure(
                    Kind.NOT_FOUND, "failed to resolve reference \"" + reference + "\": " + reference + ": not found");
        }
        images.add(reference);
        return "sha256:" + hex(reference);
    }

    @Override
    public void removeImage(String reference) {
        image(reference).ifPresent(image -> images.removeAll(image.tags()));
    }

    @Override
    public List<ImageFilesystem> imageFilesystems() {
        return List.of(new ImageFilesystem("/", IMAGE_BYTES * images.size(), images.size()));
    }

    @Override
    public AutoCloseable events(Consumer<String> podUidChanged) {
        listeners.add(podUidChanged);
        return () -> listeners.remove(podUidChanged);
    }

    @Override
    public void close() {
        containers.values().forEach(SimulatedContainer::stop);
        streaming.close();
    }

    private List<SimulatedContainer> ofSandbox(String sandboxId) {
        return containers.values().stream()
                .filter(container -> container.sandboxId().equals(sandboxId))
                .toList();
    }

    private SimulatedContainer require(String id) {
        SimulatedContainer container = containers.get(id);
        if (container == null) {
            throw new RuntimeFailure(Kind.NOT_FOUND, "container \"" + id + "\" not found");
        }
        return container;
    }

    private SimulatedContainer requireRunning(String id) {
        SimulatedContainer container = require(id);
        if (container.state() != ContainerState.RUNNING) {
            throw new RuntimeFailure(Kind.OTHER, "container \"" + id + "\" is not running");
        }
        return container;
    }

    private void tell(String podUid) {
        listeners.forEach(listener -> listener.accept(podUid));
    }

    private synchronized String takeAddress() {
        long index = 2;
        while (takenAddresses.contains(index)) {
            index++;
        }
        takenAddresses.add(index);
        return range.address(index);
    }

    private synchronized void giveBack(String ip) {
        if (!ip.isEmpty() && range.contains(ip)) {
            takenAddresses.remove(range.indexOf(ip));
        }
    }

    private String newId() {
        return String.format("%064x", ids.incrementAndGet());
    }

    private static Image asImage(String name) {
        return new Image(
                "sha256:" + hex(name),
                List.of(name),
                List.of(name + "@sha256:" + hex(name)),
                IMAGE_BYTES,
                OptionalLong.of(0),
                "",
                false);
    }

    private static String hex(String text) {
        return String.format("%064x", Integer.toUnsignedLong(text.hashCode()));
    }

    /** Pods of labels, for tests that look inside. */
    public Set<String> podUids() {
        Set<String> uids = new TreeSet<>();
        sandboxes.values().forEach(box -> uids.add(box.config().labels().getOrDefault(Labels.POD_UID, "")));
        return uids;
    }

    /** How many streams are open, for tests that look for what was left behind. */
    public int openStreams() {
        return streaming.open();
    }
}
