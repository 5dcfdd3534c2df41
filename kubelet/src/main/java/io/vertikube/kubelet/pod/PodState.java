package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.kubelet.probe.ProbeTarget;
import io.vertikube.kubelet.probe.Probes;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.SandboxStatus;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.ResizeView;
import io.vertikube.kubelet.status.Waiting;
import io.vertikube.kubelet.volume.MountedVolume;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a worker remembers of its pod between two looks. All of it can be learnt again from the runtime and the API, but
 * for back-offs. Confined to the worker's thread.
 */
final class PodState {

    final PodIdentity identity;
    final Map<String, Waiting> waiting = new HashMap<>();
    final Map<String, RestartBackoff> backoffs = new HashMap<>();
    final BlockedUntil blocked;
    final Map<String, String> messages = new HashMap<>();
    Map<String, MountedVolume> volumes = Map.of();
    boolean volumesReady;
    Instant volumesFreshUntil = Instant.MIN;
    int volumesShow;
    Optional<PodStatusPlan.PodEnd> end = Optional.empty();
    OptionalLong endGrace = OptionalLong.empty();
    boolean admitted;
    ResizeView resize = ResizeView.NONE;
    boolean initialised;
    int failures;

    /** Whether the runtime is known to have nothing of the pod; so until the first look. */
    boolean unmade;

    final RuntimeNews news = new RuntimeNews();

    PodState(PodIdentity identity, InstantSource clock) {
        this.identity = identity;
        this.blocked = new BlockedUntil(clock);
    }

    /** Reads the termination messages of containers that ended since. */
    void readMessages(PodTools tools, RuntimePod seen) {
        for (var container : seen.containers()) {
            if (container.exited() && !messages.containsKey(container.id())) {
                var log = LogFiles.of(tools.options().podLogsDir(), identity, container.name(), container.attempt());
                messages.put(container.id(), TerminationMessages.of(container, log));
            }
        }
    }

    /** Has the probes follow what runs. */
    void updateProbes(PodTools tools, Pod pod, RuntimePod seen) {
        String ip = podIps(tools, seen).stream().findFirst().orElse("127.0.0.1");
        List<Probes.Running> running = new ArrayList<>();
        for (ContainerSpec spec : ContainerSpec.of(pod)) {
            boolean probed = spec.kind() == ContainerSpec.Kind.APP || spec.kind() == ContainerSpec.Kind.SIDECAR;
            var latest = seen.latest(spec.name());
            if (probed && latest.isPresent() && latest.get().running()) {
                Optional<ContainerStatus> reported = reported(pod, spec.name())
                        .filter(status -> status.getContainerID() != null
                                && status.getContainerID().endsWith(latest.get().id()));
                running.add(new Probes.Running(
                        new ProbeTarget(latest.get().id(), spec.container(), ip),
                        latest.get(),
                        reported.map(status -> Boolean.TRUE.equals(status.getStarted()))
                                .orElse(false),
                        reported.map(status -> Boolean.TRUE.equals(status.getReady()))
                                .orElse(false)));
            }
        }
        tools.probes().update(identity.uid(), running);
    }

    /** The status to carry on from: what we published last, or what the API has. */
    PodStatus before(PodTools tools, Pod pod) {
        PodStatus inApi = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        return tools.status().published(identity.uid()).orElse(inApi);
    }

    PodStatusPlan.Input statusInput(PodTools tools, Pod pod, RuntimePod seen) {
        return new PodStatusPlan.Input(
                pod,
                before(tools, pod),
                seen,
                tools.probes().outcomes(identity.uid()),
                Map.copyOf(waiting),
                Map.copyOf(messages),
                tools.facts().get().hostIps(),
                end,
                initialised,
                tools.clock().instant(),
                resize);
    }

    void publish(PodTools tools, Pod pod, RuntimePod seen) {
        tools.status().publish(pod, PodStatusPlan.of(statusInput(tools, pod, seen)));
    }

    static List<String> podIps(PodTools tools, RuntimePod seen) {
        Optional<SandboxStatus> sandbox = seen.sandbox();
        return sandbox.map(s -> s.hostNetwork() ? tools.facts().get().hostIps() : s.ips())
                .orElse(List.of());
    }

    /** How often the API says that containers were restarted. */
    static Map<String, Integer> reportedRestarts(Pod pod) {
        Map<String, Integer> result = new HashMap<>();
        statuses(pod)
                .filter(status -> status.getContainerID() != null
                        && !status.getContainerID().isEmpty())
                .forEach(status -> result.put(status.getName(), status.getRestartCount()));
        return result;
    }

    static List<String> reportedIps(Pod pod) {
        return pod.getStatus() == null || pod.getStatus().getPodIPs() == null
                ? List.of()
                : pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList();
    }

    private static Optional<ContainerStatus> reported(Pod pod, String name) {
        return statuses(pod).filter(status -> status.getName().equals(name)).findFirst();
    }

    private static Stream<ContainerStatus> statuses(Pod pod) {
        if (pod.getStatus() == null) {
            return Stream.empty();
        }
        return Stream.of(
                        Objects.requireNonNullElse(
                                pod.getStatus().getInitContainerStatuses(), List.<ContainerStatus>of()),
                        Objects.requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of()),
                        Objects.requireNonNullElse(
                                pod.getStatus().getEphemeralContainerStatuses(), List.<ContainerStatus>of()))
                .flatMap(List::stream);
    }
}
