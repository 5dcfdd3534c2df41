package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pod out of the runtime, in detail. What has ended cannot change and is remembered. Safe for any thread.
 */
public final class RuntimeObserver {

    /** 128 and the number of SIGKILL. */
    private static final int KILLED = 137;

    private static final String OUT_OF_MEMORY = "OOMKilled";
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final ContainerRuntime runtime;
    private final Predicate<String> ranOutOfMemory;

    /** By uid the mark of every pod that the runtime had something of when it was last listed; null before. */
    private volatile @Nullable Map<String, Integer> listed;

    private final Map<String, ContainerStatus> ended = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param ranOutOfMemory whether the machine knows that a process of a container, by its id, was killed for want of memory
     */
    public RuntimeObserver(ContainerRuntime runtime, Predicate<String> ranOutOfMemory) {
        this.runtime = runtime;
        this.ranOutOfMemory = ranOutOfMemory;
    }

    /** The runtime has something of just these pods; {@code marks} are theirs, by uid. */
    void listed(Map<String, Integer> marks) {
        listed = marks;
    }

    /** Whether the runtime was listed and had nothing of a pod; until its worker makes something, nobody does. */
    boolean hasNothingOf(String podUid) {
        Map<String, Integer> all = listed;
        return all != null && !all.containsKey(podUid);
    }

    /** Whether the runtime's last list had just this of a pod. */
    boolean hasJust(String podUid, RuntimePod seen) {
        Map<String, Integer> all = listed;
        return all != null && Objects.equals(all.get(podUid), seen.mark());
    }

    /**
     * All of a pod. Containers are read before sandboxes: a runtime ends a sandbox after its containers, so one that ended
     * with its sandbox is not seen beside a sandbox that was ready a moment before.
     */
    public RuntimePod observe(String podUid) {
        Map<String, String> label = Map.of(Labels.POD_UID, podUid);
        List<ContainerStatus> containers = new ArrayList<>();
        for (Container container : runtime.containers(label)) {
            status(container).ifPresent(containers::add);
        }
        List<SandboxStatus> sandboxes = new ArrayList<>();
        for (Sandbox sandbox : runtime.sandboxes(label)) {
            if (sandbox.ready()) {
                runtime.sandboxStatus(sandbox.id()).ifPresent(sandboxes::add);
            } else {
                sandboxes.add(new SandboxStatus(
                        sandbox.id(), sandbox.pod(), sandbox.attempt(), false, sandbox.createdAt(), false, List.of()));
            }
        }
        return new RuntimePod(sandboxes, containers);
    }

    /** What was seen before, with the parts that an action made as they are now: nobody else changes a pod meanwhile. */
    RuntimePod observe(RuntimePod before, List<PodEffect.Made> made) {
        RuntimePod result = before;
        for (PodEffect.Made each : made) {
            result = switch (each) {
                case PodEffect.SandboxMade(String id) ->
                    runtime.sandboxStatus(id).map(result::with).orElse(result);
                case PodEffect.ContainerMade(String id, String sandboxId) ->
                    look(id, sandboxId).map(result::with).orElse(result);
            };
        }
        return result;
    }

    /** Drops what is remembered of a container that was removed. */
    public void removed(String containerId) {
        ended.remove(containerId);
    }

    private Optional<ContainerStatus> status(Container container) {
        ContainerStatus known = ended.get(container.id());
        if (known != null) {
            return Optional.of(known);
        }
        return look(container.id(), container.sandboxId());
    }

    private Optional<ContainerStatus> look(String id, String sandboxId) {
        return runtime.containerStatus(id).map(this::settled).map(status -> remembered(withSandbox(status, sandboxId)));
    }

    /**
     * A runtime hears of an end and of the memory that ran out by two ways: it may tell the first before it knows the second,
     * and begins to listen for the second only after a start. So the machine is asked about what was killed, and where it
     * knows nothing the runtime once more.
     */
    private ContainerStatus settled(ContainerStatus seen) {
        if (!seen.exited() || seen.exitCode() != KILLED || seen.reason().equals(OUT_OF_MEMORY)) {
            return seen;
        }
        if (ranOutOfMemory.test(seen.id())) {
            return seen.because(OUT_OF_MEMORY);
        }
        try {
            Thread.sleep(MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen;
        }
        return runtime.containerStatus(seen.id()).orElse(seen);
    }

    private ContainerStatus remembered(ContainerStatus status) {
        if (status.exited()) {
            ended.put(status.id(), status);
        }
        return status;
    }

    /**
     * The runtime's status names no sandbox. Some runtimes report 1970 for the start of what never ran, and times out of
     * order for what failed to start.
     */
    private static ContainerStatus withSandbox(ContainerStatus status, String sandboxId) {
        Optional<java.time.Instant> finished = status.state() == ContainerState.EXITED
                ? status.finishedAt().or(() -> Optional.of(status.createdAt()))
                : Optional.empty();
        return new ContainerStatus(
                status.id(),
                sandboxId,
                status.name(),
                status.attempt(),
                status.state(),
                status.createdAt(),
                status.startedAt(),
                finished,
                status.exitCode(),
                status.image(),
                status.imageRef(),
                status.reason(),
                status.message(),
                status.labels(),
                status.annotations(),
                status.mounts(),
                status.logPath(),
                status.user(),
                status.stopSignal());
    }
}
