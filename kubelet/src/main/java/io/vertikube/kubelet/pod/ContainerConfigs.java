package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeDevice;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.devices.DeviceFailure;
import io.vertikube.kubelet.devices.GivenDevices;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.env.ContainerEnvironment;
import io.vertikube.kubelet.env.PodNames;
import io.vertikube.kubelet.env.ServiceVariables;
import io.vertikube.kubelet.resize.Allocations;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.Device;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.StopSignals;
import io.vertikube.kubelet.volume.MountedVolume;
import io.vertikube.kubelet.volume.PodVolumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A container as the runtime is told of it, with the files that the kubelet gives it. Confined to the pod's worker. */
final class ContainerConfigs {

    private static final String HOSTS = "/etc/hosts";
    private static final String DEFAULT_TERMINATION_PATH = "/dev/termination-log";

    private final PodTools tools;

    ContainerConfigs(PodTools tools) {
        this.tools = tools;
    }

    /**
     * Resolves everything; what is missing is a {@link ConfigProblem} or a failed volume.
     *
     * @param files images that its volumes are made of, by volume
     * @param targetId container whose processes an ephemeral container sees, or empty
     * @param users ids that its sandbox has
     */
    ContainerConfig of(
            Pod pod,
            ContainerSpec spec,
            int attempt,
            String imageRef,
            Image image,
            Map<String, MountedVolume> volumes,
            Map<String, Image> files,
            List<String> podIps,
            String targetId,
            Optional<IdRange> users) {
        Container container = spec.container();
        var environment = ContainerEnvironment.of(
                pod,
                container,
                tools.configs(),
                tools.fields(podIps),
                (volume, path) -> file(pod, volumes, volume, path),
                ServiceVariables.of(
                        tools.services().get(),
                        pod.getMetadata().getNamespace(),
                        !Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks())));
        NodeFacts facts = tools.facts().get();
        List<Mount> mounts = mounts(pod, spec, attempt, volumes, files, environment, podIps);
        List<Device> devices = devices(spec, volumes);
        GivenDevices given = given(pod, spec);
        return new ContainerConfig(
                spec.name(),
                attempt,
                imageRef,
                container.getImage(),
                environment.expand(Objects.requireNonNullElse(container.getCommand(), List.of())),
                environment.expand(Objects.requireNonNullElse(container.getArgs(), List.of())),
                Objects.requireNonNullElse(container.getWorkingDir(), ""),
                given.env(environment.variables()),
                given.mounts(mounts),
                given.devices(devices),
                given.cdi(),
                labels(pod, spec),
                given.annotations(annotations(pod, spec, attempt, files, facts)),
                LogFiles.within(spec.name(), attempt),
                Boolean.TRUE.equals(container.getStdin()),
                Boolean.TRUE.equals(container.getStdinOnce()),
                Boolean.TRUE.equals(container.getTty()),
                stopSignal(container),
                PodResources.of(pod, container, facts.memoryBytes(), facts.pageSizes(), facts.limits()),
                SecurityPlan.of(
                        pod,
                        container,
                        image,
                        targetId,
                        users,
                        tools.options().policies().pods().seccompDefault()));
    }

    /** What plugins say that it needs; they take its start as given from here on. */
    private GivenDevices given(Pod pod, ContainerSpec spec) {
        try {
            return spec.kind() == ContainerSpec.Kind.EPHEMERAL
                    ? GivenDevices.NONE
                    : tools.devices().prepare(pod, spec.container());
        } catch (DeviceFailure | UncheckedIOException e) {
            throw new ConfigProblem(String.valueOf(e.getMessage()));
        }
    }

    private static String stopSignal(Container container) {
        String signal = container.getLifecycle() == null
                ? null
                : container.getLifecycle().getStopSignal();
        if (signal == null || signal.isEmpty()) {
            return "";
        }
        if (!StopSignals.isKnown(signal)) {
            throw new ConfigProblem("lifecycle.stopSignal: there is no signal \"" + signal + "\"");
        }
        return signal;
    }

    /** Of a volume that the pod's containers write themselves, and no one else. */
    private Optional<String> file(Pod pod, Map<String, MountedVolume> volumes, String volume, String path) {
        boolean own = Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.<Volume>of()).stream()
                .anyMatch(each -> each.getName().equals(volume) && each.getEmptyDir() != null);
        MountedVolume mounted = volumes.get(volume);
        if (!own || mounted == null) {
            throw new ConfigProblem(
                    "cannot find volume \"" + volume + "\" of type emptyDir to take environment variables from");
        }
        return PodVolumes.read(mounted, path);
    }

    private List<Mount> mounts(
            Pod pod,
            ContainerSpec spec,
            int attempt,
            Map<String, MountedVolume> volumes,
            Map<String, Image> files,
            ContainerEnvironment environment,
            List<String> podIps) {
        List<Mount> result = new ArrayList<>();
        List<VolumeMount> wanted =
                Objects.requireNonNullElse(spec.container().getVolumeMounts(), List.<VolumeMount>of());
        for (int i = 0; i < wanted.size(); i++) {
            VolumeMount mount = wanted.get(i);
            Image image = files.get(mount.getName());
            result.add(
                    image == null
                            ? volumeMount(pod, spec, mount, i, volumes, environment)
                            : imageMount(pod, mount, image, environment));
        }
        try {
            Path podDir = Files.createDirectories(
                    tools.volumes().podDir(pod.getMetadata().getUid()));
            if (result.stream().noneMatch(mount -> mount.containerPath().equals(HOSTS))) {
                result.add(Mount.own(HOSTS, hostsFile(pod, podDir, podIps).toString(), labelled()));
            }
            String termination =
                    Objects.requireNonNullElse(spec.container().getTerminationMessagePath(), DEFAULT_TERMINATION_PATH);
            if (!termination.isEmpty()
                    && result.stream().noneMatch(mount -> mount.containerPath().equals(termination))) {
                result.add(Mount.own(
                        termination, terminationFile(podDir, spec, attempt).toString(), labelled()));
            }
        } catch (IOException e) {
            throw new ConfigProblem("cannot write the pod's files: " + e.getMessage());
        }
        return result;
    }

    private Mount volumeMount(
            Pod pod,
            ContainerSpec spec,
            VolumeMount mount,
            int index,
            Map<String, MountedVolume> volumes,
            ContainerEnvironment environment) {
        MountedVolume volume = volumes.get(mount.getName());
        if (volume == null) {
            throw new ConfigProblem(
                    "cannot find volume \"" + mount.getName() + "\" to mount into container \"" + spec.name() + "\"");
        }
        if (volume.device()) {
            throw new ConfigProblem(
                    "volume " + mount.getName() + " has volumeMode Block, but is specified in volumeMounts");
        }
        String subPath = subPath(mount, environment);
        Path source = subPath.isEmpty()
                ? volume.path()
                : tools.volumes()
                        .subPath(pod.getMetadata().getUid(), mount.getName(), volume, spec.name(), index, subPath);
        boolean readOnly = volume.readOnly() || Boolean.TRUE.equals(mount.getReadOnly());
        return new Mount(
                target(mount),
                source.toString(),
                readOnly,
                RecursiveReadOnly.of(mount, () -> supportsRecursiveReadOnly(pod)),
                volume.relabel() && labelled(),
                switch (Objects.requireNonNullElse(mount.getMountPropagation(), "None")) {
                    case "HostToContainer" -> Mount.Propagation.HOST_TO_CONTAINER;
                    case "Bidirectional" -> Mount.Propagation.BIDIRECTIONAL;
                    default -> Mount.Propagation.PRIVATE;
                },
                Optional.empty());
    }

    /** Whether the machine's files have SELinux labels. */
    private boolean labelled() {
        return tools.options().policies().pods().selinux();
    }

    private static Mount imageMount(Pod pod, VolumeMount mount, Image image, ContainerEnvironment environment) {
        String asked = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getName().equals(mount.getName()))
                .map(volume -> volume.getImage().getReference())
                .findFirst()
                .orElseThrow();
        return Mount.of(
                target(mount),
                new Mount.Files(
                        image.id(),
                        asked,
                        PodVolumes.staysInside(subPath(mount, environment)).toString()));
    }

    private static String target(VolumeMount mount) {
        return mount.getMountPath().startsWith("/") ? mount.getMountPath() : "/" + mount.getMountPath();
    }

    private static String subPath(VolumeMount mount, ContainerEnvironment environment) {
        String expression = Objects.requireNonNullElse(mount.getSubPathExpr(), "");
        return expression.isEmpty()
                ? Objects.requireNonNullElse(mount.getSubPath(), "")
                : environment.expand(expression);
    }

    /** Asked only for mounts that care: it is a call. */
    private boolean supportsRecursiveReadOnly(Pod pod) {
        return tools.runtime().status().mountsReadOnlyRecursively(tools.runtimeHandler(pod));
    }

    private static List<Device> devices(ContainerSpec spec, Map<String, MountedVolume> volumes) {
        List<Device> result = new ArrayList<>();
        for (VolumeDevice device :
                Objects.requireNonNullElse(spec.container().getVolumeDevices(), List.<VolumeDevice>of())) {
            MountedVolume volume = volumes.get(device.getName());
            if (volume == null) {
                throw new ConfigProblem("cannot find volume \"" + device.getName() + "\" to pass into container \""
                        + spec.name() + "\"");
            }
            if (!volume.device()) {
                throw new ConfigProblem(
                        "volume " + device.getName() + " has volumeMode Filesystem, but is specified in volumeDevices");
            }
            result.add(new Device(device.getDevicePath(), volume.path().toString(), volume.readOnly() ? "r" : "mrw"));
        }
        return result;
    }

    private Path hostsFile(Pod pod, Path podDir, List<String> podIps) throws IOException {
        Optional<String> host = Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
                ? Optional.of(Files.readString(Path.of(HOSTS)))
                : Optional.empty();
        Path file = podDir.resolve("etc-hosts");
        Files.writeString(file, PodNames.hostsFile(pod, podIps, tools.options().clusterDomain(), host));
        return file;
    }

    private static Path terminationFile(Path podDir, ContainerSpec spec, int attempt) throws IOException {
        Path file = podDir.resolve("termination-" + spec.name() + "-" + attempt);
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        // Whatever user the container runs as writes to it.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    private static Map<String, String> labels(Pod pod, ContainerSpec spec) {
        Map<String, String> result = new HashMap<>(Labels.of(SandboxConfigs.identity(pod)));
        result.put(Labels.CONTAINER_NAME, spec.name());
        return result;
    }

    private static Map<String, String> annotations(
            Pod pod, ContainerSpec spec, int attempt, Map<String, Image> files, NodeFacts facts) {
        Map<String, String> result = new HashMap<>();
        result.put(Labels.HASH, spec.hash());
        result.put(Labels.RESTART_COUNT, Integer.toString(attempt));
        result.put(Labels.RUNTIME, facts.runtimeName());
        result.put(Labels.RESOURCES, Allocations.text(spec.container().getResources()));
        result.put(
                Labels.TERMINATION_PATH,
                Objects.requireNonNullElse(spec.container().getTerminationMessagePath(), DEFAULT_TERMINATION_PATH));
        result.put(
                Labels.TERMINATION_POLICY,
                Objects.requireNonNullElse(spec.container().getTerminationMessagePolicy(), "File"));
        Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
        result.put(Labels.POD_GRACE, Long.toString(grace == null ? 30 : grace));
        if (!files.isEmpty()) {
            result.put(
                    Labels.IMAGE_VOLUMES,
                    files.values().stream().map(Image::id).sorted().collect(Collectors.joining(",")));
        }
        return result;
    }
}
