package io.vertikube.kubelet.server;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.ContainerSpec;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what a path names: {@code /verb/namespace/pod[/uid]/container}. Safe for any thread; blocks. */
final class PodTargets {

    /** A log file and the container that writes it. */
    record LogFile(Path file, String containerId) {}

    private final Pods pods;
    private final ContainerRuntime runtime;
    private final Path logs;

    PodTargets(Pods pods, ContainerRuntime runtime, Path logs) {
        this.pods = pods;
        this.runtime = runtime;
        this.logs = logs;
    }

    /** The id of the running container that is named. */
    String runningContainer(String[] path) {
        if (path.length < 4) {
            throw new HttpProblem(400, "the path needs a namespace, a pod and a container");
        }
        Pod pod = pod(path);
        String name = path[path.length - 1];
        requireContainer(pod, name);
        return containers(pod, name).stream()
                .filter(container -> container.state() == ContainerState.RUNNING)
                .findFirst()
                .map(Container::id)
                .orElseThrow(() -> new HttpProblem(404, "container not found (\"" + name + "\")"));
    }

    /** The id of the pod's sandbox. */
    String sandbox(String[] path) {
        Pod pod = pod(path);
        return runtime.sandboxes(Map.of(Labels.POD_UID, pod.getMetadata().getUid())).stream()
                .filter(Sandbox::ready)
                .max(Comparator.comparing(Sandbox::createdAt))
                .map(Sandbox::id)
                .orElseThrow(
                        () -> new HttpProblem(404, "pod " + pod.getMetadata().getName() + " has no running sandbox"));
    }

    LogFile log(String[] path, boolean previous) {
        if (path.length < 4) {
            throw new HttpProblem(400, "the path needs a namespace, a pod and a container");
        }
        Pod pod = pod(path);
        String name = path[path.length - 1];
        requireContainer(pod, name);
        List<Container> all = containers(pod, name);
        String where =
                "container \"" + name + "\" in pod \"" + pod.getMetadata().getName() + "\"";
        Container container;
        if (previous) {
            container = all.stream()
                    .skip(1)
                    .findFirst()
                    .orElseThrow(() -> new HttpProblem(400, "previous terminated " + where + " not found"));
        } else {
            container = all.stream()
                    .filter(candidate -> candidate.state() != ContainerState.CREATED)
                    .findFirst()
                    .orElseThrow(() -> new HttpProblem(400, where + " is waiting to start: " + waiting(pod, name)));
        }
        Path file = logs.resolve(pod.getMetadata().getNamespace() + "_"
                        + pod.getMetadata().getName() + "_" + pod.getMetadata().getUid())
                .resolve(name)
                .resolve(container.attempt() + ".log");
        if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw new HttpProblem(404, "failed to try resolving symlinks in path \"" + file + "\": no such file");
        }
        return new LogFile(file, container.id());
    }

    boolean isRunning(String containerId) {
        return runtime.containerStatus(containerId)
                .map(status -> status.state() == ContainerState.RUNNING)
                .orElse(false);
    }

    private Pod pod(String[] path) {
        if (path.length < 3) {
            throw new HttpProblem(400, "the path needs a namespace and a pod");
        }
        return pods.find(path[1], path[2]).orElseThrow(() -> new HttpProblem(404, "pod \"" + path[2] + "\" not found"));
    }

    private static void requireContainer(Pod pod, String name) {
        if (ContainerSpec.find(pod, name).isEmpty()) {
            throw new HttpProblem(
                    404,
                    "container \"" + name + "\" not found in pod \""
                            + pod.getMetadata().getName() + "\"");
        }
    }

    /** Newest first. */
    private List<Container> containers(Pod pod, String name) {
        return runtime.containers(Map.of(Labels.POD_UID, pod.getMetadata().getUid())).stream()
                .filter(container -> container.name().equals(name))
                .sorted(Comparator.comparing(Container::createdAt).reversed())
                .toList();
    }

    private static String waiting(Pod pod, String name) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> status.getContainerStatuses())
                .orElse(List.of())
                .stream()
                .filter(status -> status.getName().equals(name))
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting().getReason())
                .findFirst()
                .orElse("ContainerCreating");
    }
}
