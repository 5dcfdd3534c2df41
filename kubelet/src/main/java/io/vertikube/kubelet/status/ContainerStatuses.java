package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ContainerUser;
import io.fabric8.kubernetes.api.model.LinuxContainerUser;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.kubelet.pod.ContainerSpec;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.value.PodContainers;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Container statuses of one pod (API reference, ContainerStatus). Immutable. */
final class ContainerStatuses {

    private static final int UNKNOWN_EXIT = 137;

    private final PodStatusPlan.Input input;

    ContainerStatuses(PodStatusPlan.Input input) {
        this.input = input;
    }

    ContainerStatus of(ContainerSpec spec) {
        Optional<io.vertikube.kubelet.runtime.ContainerStatus> latest =
                input.seen().latest(spec.name());
        return latest.isPresent() ? seen(spec, latest.get()) : unseen(spec);
    }

    private ContainerStatus seen(ContainerSpec spec, io.vertikube.kubelet.runtime.ContainerStatus latest) {
        boolean running = latest.running();
        boolean started = running && input.probes().started(spec.container(), latest.id());
        var status = new ContainerStatusBuilder()
                .withName(spec.name())
                .withImage(imageName(spec, latest))
                .withImageID(latest.imageRef())
                .withContainerID(containerId(latest))
                .withRestartCount(latest.attempt())
                .withStarted(started)
                .withReady(ready(spec, latest))
                .withVolumeMounts(MountStatuses.of(spec.container(), latest.mounts()));
        Optional<ContainerState> last = input.seen().previous(spec.name()).map(this::ended);
        Waiting waiting = input.waiting().get(spec.name());
        switch (latest.state()) {
            case RUNNING ->
                status.withNewState()
                        .withNewRunning()
                        .withStartedAt(Times.text(latest.startedAt().orElse(latest.createdAt())))
                        .endRunning()
                        .endState();
            case CREATED ->
                status.withState(waitingState(waiting == null ? new Waiting("ContainerCreating", "") : waiting));
            case EXITED, UNKNOWN -> {
                String policy = Objects.requireNonNullElse(input.pod().getSpec().getRestartPolicy(), "Always");
                if (waiting == null || !spec.restartsAfter(policy, latest.exitCode())) {
                    status.withState(ended(latest));
                } else {
                    status.withState(waitingState(waiting));
                    last = Optional.of(ended(latest));
                }
            }
        }
        status.withLastState(last.orElse(new ContainerState()));
        ResourceRequirements granted = input.resize().granted().get(spec.name());
        ResourceRequirements given = input.resize().given().get(spec.name());
        if (granted != null
                && granted.getRequests() != null
                && !granted.getRequests().isEmpty()) {
            status.withAllocatedResources(granted.getRequests());
        }
        if (running && given != null) {
            status.withResources(given);
        }
        latest.user()
                .ifPresent(user -> status.withUser(
                        new ContainerUser(new LinuxContainerUser(user.gid(), user.groups(), user.uid()))));
        if (!latest.stopSignal().isEmpty()) {
            status.withStopSignal(latest.stopSignal());
        }
        return status.build();
    }

    /** The runtime has nothing: it never ran, or whatever ran was lost with the runtime's state. */
    private ContainerStatus unseen(ContainerSpec spec) {
        Optional<ContainerStatus> before = reported(spec.name());
        Optional<ContainerState> beforeState = before.map(ContainerStatus::getState);
        if (spec.kind() == ContainerSpec.Kind.INIT
                && beforeState.map(ContainerState::getTerminated).isPresent()) {
            return before.orElseThrow();
        }
        Waiting waiting = input.waiting()
                .getOrDefault(
                        spec.name(),
                        spec.kind() == ContainerSpec.Kind.APP && hasInit() && !input.initialised()
                                ? new Waiting("PodInitializing", "")
                                : new Waiting("ContainerCreating", ""));
        var status = new ContainerStatusBuilder()
                .withName(spec.name())
                .withImage(spec.container().getImage())
                .withImageID("")
                .withReady(false)
                .withStarted(false)
                .withVolumeMounts(MountStatuses.of(spec.container(), List.of()))
                .withRestartCount(before.map(ContainerStatus::getRestartCount).orElse(0))
                .withLastState(before.map(ContainerStatus::getLastState).orElse(new ContainerState()));
        if (beforeState.map(ContainerState::getTerminated).isPresent() && phaseIsOver()) {
            return before.orElseThrow();
        }
        if (beforeState.map(ContainerState::getRunning).isPresent()) {
            status.withLastState(lost(before.orElseThrow()));
        } else if (beforeState.map(ContainerState::getTerminated).isPresent()) {
            status.withLastState(beforeState.orElseThrow());
        }
        return status.withState(waitingState(waiting)).build();
    }

    private boolean phaseIsOver() {
        String phase = input.before().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static ContainerState lost(ContainerStatus before) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(UNKNOWN_EXIT)
                .withReason("ContainerStatusUnknown")
                .withMessage("The container could not be located when the pod was terminated or restarted")
                .withContainerID(before.getContainerID())
                .endTerminated()
                .build();
    }

    private boolean ready(ContainerSpec spec, io.vertikube.kubelet.runtime.ContainerStatus latest) {
        return switch (spec.kind()) {
            case INIT -> latest.exited() && latest.exitCode() == 0;
            case SIDECAR, APP -> latest.running() && input.probes().ready(spec.container(), latest.id());
            case EPHEMERAL -> false;
        };
    }

    private ContainerState ended(io.vertikube.kubelet.runtime.ContainerStatus container) {
        String message = input.messages().getOrDefault(container.id(), container.message());
        String reason =
                container.reason().isEmpty() ? container.exitCode() == 0 ? "Completed" : "Error" : container.reason();
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(container.exitCode())
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .withStartedAt(container.startedAt().map(Times::text).orElse(null))
                .withFinishedAt(container.finishedAt().map(Times::text).orElse(null))
                .withContainerID(containerId(container))
                .endTerminated()
                .build();
    }

    private static ContainerState waitingState(Waiting waiting) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(waiting.reason())
                .withMessage(waiting.message().isEmpty() ? null : waiting.message())
                .endWaiting()
                .build();
    }

    private static String imageName(ContainerSpec spec, io.vertikube.kubelet.runtime.ContainerStatus latest) {
        return latest.image().isEmpty() || latest.image().startsWith("sha256:")
                ? spec.container().getImage()
                : latest.image();
    }

    private static String containerId(io.vertikube.kubelet.runtime.ContainerStatus container) {
        return container.annotations().getOrDefault(Labels.RUNTIME, "containerd") + "://" + container.id();
    }

    private boolean hasInit() {
        return !PodContainers.init(input.pod().getSpec()).isEmpty();
    }

    private Optional<ContainerStatus> reported(String name) {
        PodStatus before = input.before();
        return Stream.of(
                        list(before.getContainerStatuses()),
                        list(before.getInitContainerStatuses()),
                        list(before.getEphemeralContainerStatuses()))
                .flatMap(List::stream)
                .filter(status -> status.getName().equals(name))
                .findFirst();
    }

    private static List<ContainerStatus> list(@Nullable List<ContainerStatus> statuses) {
        return statuses == null ? List.of() : statuses;
    }
}
