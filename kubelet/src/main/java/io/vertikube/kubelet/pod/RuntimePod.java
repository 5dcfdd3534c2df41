package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.util.ArrayList;
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

    /** The same with a sandbox as it is now. */
    RuntimePod with(SandboxStatus fresh) {
        List<SandboxStatus> all = new ArrayList<>(sandboxes);
        all.removeIf(known -> known.id().equals(fresh.id()));
        all.add(fresh);
        return new RuntimePod(all, containers);
    }

    /** The same with a container as it is now. */
    RuntimePod with(ContainerStatus fresh) {
        List<ContainerStatus> all = new ArrayList<>(containers);
        all.removeIf(known -> known.id().equals(fresh.id()));
        all.add(fresh);
        return new RuntimePod(sandboxes, all);
    }

    /** A number that is another one when something of the pod came, went or changed its state. */
    int mark() {
        return sandboxes.stream()
                        .mapToInt(sandbox -> markOf(sandbox.id(), sandbox.ready()))
                        .sum()
                + containers.stream()
                        .mapToInt(container -> markOf(container.id(), container.state()))
                        .sum();
    }

    /** A sandbox's share of its pod's mark; shares are added. */
    static int markOf(String sandboxId, boolean ready) {
        return (sandboxId + ready).hashCode();
    }

    /** A container's share of its pod's mark. */
    static int markOf(String containerId, ContainerState state) {
        return (containerId + state).hashCode();
    }

    public boolean isEmpty() {
        return sandboxes.isEmpty() && containers.isEmpty();
    }
}
