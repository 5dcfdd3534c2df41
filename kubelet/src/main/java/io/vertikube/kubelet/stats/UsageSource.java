package io.vertikube.kubelet.stats;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.cgroup.CgroupFigures;
import io.vertikube.kubelet.cgroup.CgroupUsage;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.kernel.FolderUse;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.ImageFilesystem;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what the node and its pods use: from the runtime, from cgroup files for what runtimes do not say, from the
 * networks and volumes of pods, and from pod statuses when containers were started. Blocks; safe for any thread.
 */
public final class UsageSource {

    private static final Logger LOG = LoggerFactory.getLogger(UsageSource.class);

    /** Two looks that are closer together say nothing of how fast something is used. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** A container's counter when it was last looked at, and how fast it had gone until then. */
    private record Sample(Instant at, long nanos, long nanocores) {}

    private final String nodeName;
    private final Path rootDir;
    private final Path logsDir;
    private final ContainerRuntime runtime;
    private final Supplier<List<Pod>> pods;
    private final Machine machine;
    private final PodCgroups cgroups;
    private final Optional<VolumeSource> volumes;
    private final CgroupUsage files = new CgroupUsage();
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Instant begun;

    /**
     * Makes one.
     *
     * @param volumes who measures volumes; a node that is only simulated has neither volumes nor logs worth measuring
     */
    public UsageSource(
            String nodeName,
            Path rootDir,
            Path logsDir,
            ContainerRuntime runtime,
            Supplier<List<Pod>> pods,
            Machine machine,
            PodCgroups cgroups,
            Optional<VolumeSource> volumes,
            InstantSource clock) {
        this.nodeName = nodeName;
        this.rootDir = rootDir;
        this.logsDir = logsDir;
        this.runtime = runtime;
        this.pods = pods;
        this.machine = machine;
        this.cgroups = cgroups;
        this.volumes = volumes;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** Everything now; where the runtime fails the node is told alone. */
    Seen now() throws IOException, InterruptedException {
        List<Pod> known = pods.get();
        try {
            Map<String, List<ContainerUsage>> byPod = new LinkedHashMap<>();
            for (ContainerUsage usage : runtime.usage()) {
                byPod.computeIfAbsent(usage.labels().getOrDefault(Labels.POD_UID, ""), uid -> new ArrayList<>())
                        .add(usage);
            }
            Map<String, List<VolumeFigures>> measured =
                    volumes.isPresent() ? volumes.get().of(known) : Map.of();
            List<Seen.PodUsage> seen = new ArrayList<>();
            Map<String, Pod> byUid = new HashMap<>();
            known.forEach(pod -> byUid.put(pod.getMetadata().getUid(), pod));
            for (Map.Entry<String, List<ContainerUsage>> each : byPod.entrySet()) {
                Optional<PodIdentity> identity =
                        Labels.pod(each.getValue().getFirst().labels());
                if (identity.isPresent()) {
                    seen.add(pod(
                            identity.get(),
                            Optional.ofNullable(byUid.get(each.getKey())),
                            each.getValue(),
                            measured.getOrDefault(each.getKey(), List.of())));
                }
            }
            samples.keySet()
                    .retainAll(byPod.values().stream()
                            .flatMap(List::stream)
                            .map(ContainerUsage::containerId)
                            .toList());
            return new Seen(node(images()), seen, false);
        } catch (RuntimeFailure e) {
            LOG.warn("the runtime does not tell what containers use: {}", e.getMessage());
            return new Seen(node(Optional.empty()), List.of(), true);
        }
    }

    /** What is known of volumes behind claims, by pod. */
    List<Seen.PodUsage> claims() throws InterruptedException {
        List<Pod> known = pods.get();
        List<Seen.PodUsage> result = new ArrayList<>();
        if (volumes.isPresent()) {
            Map<String, List<VolumeFigures>> measured = volumes.get().of(known);
            for (Pod pod : known) {
                result.add(new Seen.PodUsage(
                        new PodIdentity(
                                pod.getMetadata().getNamespace(),
                                pod.getMetadata().getName(),
                                pod.getMetadata().getUid()),
                        Optional.empty(),
                        "",
                        CgroupFigures.NONE,
                        List.of(),
                        List.of(),
                        measured.getOrDefault(pod.getMetadata().getUid(), List.of()),
                        clock.instant()));
            }
        }
        return result;
    }

    private Seen.NodeUsage node(Optional<Seen.Images> images) throws IOException {
        return new Seen.NodeUsage(
                nodeName,
                clock.instant(),
                machine.cpuCoreNanoseconds(),
                machine.resources(),
                Optional.of(FileSystems.room(rootDir)),
                images,
                volumes.isPresent() ? NetworkDevice.ofMachine() : List.of(),
                parts());
    }

    private Optional<Seen.Images> images() throws IOException {
        List<ImageFilesystem> found = runtime.imageFilesystems();
        if (found.isEmpty() || !Files.isDirectory(Path.of(found.getFirst().mountpoint()))) {
            return Optional.empty();
        }
        ImageFilesystem first = found.getFirst();
        return Optional.of(
                new Seen.Images(FileSystems.room(Path.of(first.mountpoint())), first.usedBytes(), first.usedInodes()));
    }

    private List<Seen.Part> parts() throws IOException {
        List<Seen.Part> result = new ArrayList<>();
        result.add(new Seen.Part("kubelet", begun, OwnProcess.figures()));
        String all = cgroups.ofAllPods();
        if (!all.isEmpty()) {
            result.add(new Seen.Part("pods", begun, files.of(all)));
        }
        return result;
    }

    private Seen.PodUsage pod(
            PodIdentity identity, Optional<Pod> pod, List<ContainerUsage> usages, List<VolumeFigures> measured)
            throws IOException {
        String cgroup = pod.map(each -> cgroups.parentOf(identity.uid(), PodResources.qosClass(each)))
                .orElse("");
        List<ContainerStatus> running = pod.map(UsageSource::running).orElse(List.of());
        List<Seen.ContainerSeen> containers = new ArrayList<>();
        for (ContainerUsage usage : usages) {
            Optional<ContainerStatus> status = running.stream()
                    .filter(each -> id(each).equals(usage.containerId()))
                    .findFirst();
            container(identity, usage, status, cgroup).ifPresent(containers::add);
        }
        boolean own = pod.map(each -> !Boolean.TRUE.equals(each.getSpec().getHostNetwork()))
                .orElse(false);
        return new Seen.PodUsage(
                identity,
                containers.stream().flatMap(each -> each.start().stream()).min(Instant::compareTo),
                cgroup,
                files.of(cgroup),
                containers,
                own && !cgroup.isEmpty()
                        ? files.firstProcess(cgroup).map(NetworkDevice::of).orElse(List.of())
                        : List.of(),
                measured,
                containers.stream()
                        .map(each -> each.usage().at())
                        .max(Instant::compareTo)
                        .orElse(clock.instant()));
    }

    private Optional<Seen.ContainerSeen> container(
            PodIdentity pod, ContainerUsage told, Optional<ContainerStatus> status, String parent) throws IOException {
        String cgroup = parent.isEmpty() ? "" : files.ofContainer(parent, told.containerId());
        CgroupFigures figures = files.of(cgroup);
        ContainerUsage usage = completed(told, figures);
        if (!usage.at().isAfter(Instant.EPOCH)) {
            return Optional.empty();
        }
        FolderUse logs = volumes.isEmpty()
                ? FolderUse.NOTHING
                : FolderUse.of(logsDir.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid())
                        .resolve(usage.name()));
        return Optional.of(new Seen.ContainerSeen(
                usage,
                status.map(each -> Instant.parse(each.getState().getRunning().getStartedAt())),
                status.map(ContainerStatus::getImage).orElse(""),
                cgroup,
                nanocores(usage),
                figures,
                logs));
    }

    private long nanocores(ContainerUsage usage) {
        return Objects.requireNonNull(samples.compute(usage.containerId(), (id, before) -> {
                    if (before == null) {
                        return new Sample(usage.at(), usage.cpuCoreNanoseconds(), -1);
                    }
                    Duration between = Duration.between(before.at(), usage.at());
                    return between.compareTo(SHORTEST) < 0
                            ? before
                            : new Sample(
                                    usage.at(),
                                    usage.cpuCoreNanoseconds(),
                                    Math.max(0, usage.cpuCoreNanoseconds() - before.nanos())
                                            * 1000
                                            / Math.max(1, between.toMillis()));
                }))
                .nanocores();
    }

    private ContainerUsage completed(ContainerUsage usage, CgroupFigures figures) {
        boolean known = figures.cpu().total() > 0 || figures.memory().workingSet() > 0;
        return new ContainerUsage(
                usage.containerId(),
                usage.name(),
                usage.labels(),
                usage.at().isAfter(Instant.EPOCH) || !known ? usage.at() : clock.instant(),
                usage.cpuCoreNanoseconds() > 0
                        ? usage.cpuCoreNanoseconds()
                        : Math.max(0, figures.cpu().total()),
                usage.workingSetBytes() > 0
                        ? usage.workingSetBytes()
                        : Math.max(0, figures.memory().workingSet()),
                usage.writableLayerBytes(),
                usage.writableLayerInodes());
    }

    private static List<ContainerStatus> running(Pod pod) {
        var status = pod.getStatus();
        if (status == null) {
            return List.of();
        }
        return Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                .filter(list -> list != null)
                .flatMap(List::stream)
                .filter(one -> one.getContainerID() != null
                        && one.getState() != null
                        && one.getState().getRunning() != null
                        && one.getState().getRunning().getStartedAt() != null)
                .toList();
    }

    private static String id(ContainerStatus status) {
        String id = status.getContainerID();
        return id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3);
    }
}
