package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the runtime has of one pod, newest first. Immutable. */
public record RuntimePod(List<SandboxStatus> sandboxes, List<ContainerStatus> containers) {

    public static final RuntimePod NOTHING = new RuntimePod(List.of(), List.of());

    public RuntimePod {
        sandboxes = sandboxes.stream()
                .sorted(Comparator.comparing(SandboxStatus::createdAt).reversed())
                .toList();
        containers = containers.stream()
                .sorted(Comparator.comparing(ContainerStatus::createdAt).reversed())
                .toList();
    }

    /** The newest sandbox if it is ready. */
    public Optional<SandboxStatus> sandbox() {
        return sandboxes.isEmpty() || !sandboxes.getFirst().ready()
                ? Optional.empty()
                : Optional.of(sandboxes.getFirst());
    }

    public Optional<ContainerStatus> latest(String name) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .findFirst();
    }

    /** The last one that has ended, not counting the newest. */
    public Optional<ContainerStatus> previous(String name) {
        return containers.stream()
                .filter(container -> container.name().equals(name))
                .skip(1)
                .filter(ContainerStatus::exited)
                .findFirst();
    }

    public List<ContainerStatus> running() {
        return containers.stream().filter(ContainerStatus::running).toList();
    }

    public boolean isEmpty() {
        return sandboxes.isEmpty() && containers.isEmpty();
    }
}
