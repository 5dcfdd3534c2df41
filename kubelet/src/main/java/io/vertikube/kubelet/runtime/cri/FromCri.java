package io.vertikube.kubelet.runtime.cri;

import io.vertikube.kubelet.cri.v1.ContainerStats;
import io.vertikube.kubelet.cri.v1.LinuxContainerUser;
import io.vertikube.kubelet.cri.v1.NamespaceMode;
import io.vertikube.kubelet.cri.v1.PodIP;
import io.vertikube.kubelet.cri.v1.PodSandbox;
import io.vertikube.kubelet.cri.v1.PodSandboxMetadata;
import io.vertikube.kubelet.cri.v1.PodSandboxState;
import io.vertikube.kubelet.cri.v1.PodSandboxStatus;
import io.vertikube.kubelet.cri.v1.RuntimeConfigResponse;
import io.vertikube.kubelet.cri.v1.StatusResponse;
import io.vertikube.kubelet.runtime.CgroupDriver;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.SandboxStatus;
import io.vertikube.kubelet.runtime.StopSignals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** CRI messages as our records. Pure functions. */
final class FromCri {

    private FromCri() {}

    static Sandbox sandbox(PodSandbox sandbox) {
        return new Sandbox(
                sandbox.getId(),
                pod(sandbox.getMetadata()),
                sandbox.getMetadata().getAttempt(),
                sandbox.getState() == PodSandboxState.SANDBOX_READY,
                time(sandbox.getCreatedAt()),
                sandbox.getLabelsMap());
    }

    static SandboxStatus sandboxStatus(PodSandboxStatus status) {
        List<String> ips = new ArrayList<>();
        if (!status.getNetwork().getIp().isEmpty()) {
            ips.add(status.getNetwork().getIp());
        }
        status.getNetwork().getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
        boolean hostNetwork = status.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE;
        return new SandboxStatus(
                status.getId(),
                pod(status.getMetadata()),
                status.getMetadata().getAttempt(),
                status.getState() == PodSandboxState.SANDBOX_READY,
                time(status.getCreatedAt()),
                hostNetwork,
                ips);
    }

    static Container container(io.vertikube.kubelet.cri.v1.Container container) {
        return new Container(
                container.getId(),
                container.getPodSandboxId(),
                container.getMetadata().getName(),
                container.getMetadata().getAttempt(),
                state(container.getState()),
                time(container.getCreatedAt()),
                container.getLabelsMap(),
                container.getAnnotationsMap(),
                Stream.of(container.getImage().getImage(), container.getImageRef(), container.getImageId())
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /** {@code sandboxId} is not in the message; pass what the list said, or empty. */
    static ContainerStatus containerStatus(io.vertikube.kubelet.cri.v1.ContainerStatus status, String sandboxId) {
        return new ContainerStatus(
                status.getId(),
                sandboxId,
                status.getMetadata().getName(),
                status.getMetadata().getAttempt(),
                state(status.getState()),
                time(status.getCreatedAt()),
                optionalTime(status.getStartedAt()),
                optionalTime(status.getFinishedAt()),
                status.getExitCode(),
                status.getImage().getImage(),
                status.getImageRef(),
                status.getReason(),
                status.getMessage(),
                status.getLabelsMap(),
                status.getAnnotationsMap(),
                status.getMountsList().stream()
                        .map(mount -> new Mount(
                                mount.getContainerPath(),
                                mount.getHostPath(),
                                mount.getReadonly(),
                                mount.getRecursiveReadOnly(),
                                false,
                                Mount.Propagation.PRIVATE,
                                Optional.empty()))
                        .toList(),
                status.getLogPath(),
                status.getUser().hasLinux() ? Optional.of(user(status.getUser().getLinux())) : Optional.empty(),
                status.getStopSignal() == 0 ? "" : StopSignals.name(status.getStopSignal()));
    }

    static Image image(io.vertikube.kubelet.cri.v1.Image image) {
        return new Image(
                image.getId(),
                image.getRepoTagsList(),
                image.getRepoDigestsList(),
                image.getSize(),
                image.hasUid() ? OptionalLong.of(image.getUid().getValue()) : OptionalLong.empty(),
                image.getUsername(),
                image.getPinned());
    }

    static ContainerUsage usage(ContainerStats stats) {
        return new ContainerUsage(
                stats.getAttributes().getId(),
                stats.getAttributes().getMetadata().getName(),
                stats.getAttributes().getLabelsMap(),
                time(stats.getCpu().getTimestamp()),
                stats.getCpu().getUsageCoreNanoSeconds().getValue(),
                stats.getMemory().getWorkingSetBytes().getValue(),
                stats.getWritableLayer().getUsedBytes().getValue(),
                stats.getWritableLayer().getInodesUsed().getValue());
    }

    static RuntimeStatus status(StatusResponse answer) {
        var status = answer.getStatus();
        boolean runtimeReady = false;
        boolean networkReady = false;
        String reason = "";
        String message = "";
        for (var condition : status.getConditionsList()) {
            if (condition.getType().equals("RuntimeReady")) {
                runtimeReady = condition.getStatus();
            } else if (condition.getType().equals("NetworkReady")) {
                networkReady = condition.getStatus();
            } else {
                continue;
            }
            if (!condition.getStatus() && reason.isEmpty()) {
                reason = condition.getReason();
                message = condition.getMessage();
            }
        }
        List<RuntimeStatus.Handler> handlers = answer.getRuntimeHandlersList().stream()
                .map(each -> new RuntimeStatus.Handler(
                        each.getName(),
                        each.getFeatures().getRecursiveReadOnlyMounts(),
                        each.getFeatures().getUserNamespaces()))
                .toList();
        return new RuntimeStatus(
                runtimeReady,
                networkReady,
                reason,
                message,
                handlers,
                answer.getFeatures().getSupplementalGroupsPolicy());
    }

    private static ContainerStatus.User user(LinuxContainerUser user) {
        return new ContainerStatus.User(user.getUid(), user.getGid(), user.getSupplementalGroupsList());
    }

    static Optional<CgroupDriver> cgroupDriver(RuntimeConfigResponse answer) {
        if (!answer.hasLinux()) {
            return Optional.empty();
        }
        return switch (answer.getLinux().getCgroupDriver()) {
            case SYSTEMD -> Optional.of(CgroupDriver.SYSTEMD);
            case CGROUPFS -> Optional.of(CgroupDriver.CGROUPFS);
            case UNRECOGNIZED -> Optional.empty();
        };
    }

    private static PodIdentity pod(PodSandboxMetadata metadata) {
        return new PodIdentity(metadata.getNamespace(), metadata.getName(), metadata.getUid());
    }

    private static ContainerState state(io.vertikube.kubelet.cri.v1.ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> ContainerState.CREATED;
            case CONTAINER_RUNNING -> ContainerState.RUNNING;
            case CONTAINER_EXITED -> ContainerState.EXITED;
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.UNKNOWN;
        };
    }

    private static Instant time(long nanoseconds) {
        return Instant.ofEpochSecond(0, nanoseconds);
    }

    private static Optional<Instant> optionalTime(long nanoseconds) {
        return nanoseconds <= 0 ? Optional.empty() : Optional.of(time(nanoseconds));
    }
}
