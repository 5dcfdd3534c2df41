package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.status.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Does what a plan says, one action at a time. Confined to the pod's worker. */
final class PodActions {

    private static final String RESIZE = "\0resize";
    static final Duration RESIZE_RETRY = Duration.ofSeconds(10);

    private final PodTools tools;
    private final PodState state;
    private final PodSandbox sandbox;
    private final ContainerStarter starter;
    private final ContainerKiller killer;
    private final PodResizing resizing;

    PodActions(PodTools tools, PodState state, PodResizing resizing, BooleanSupplier endWanted) {
        this.tools = tools;
        this.state = state;
        this.sandbox = new PodSandbox(tools, state);
        this.starter = new ContainerStarter(tools, endWanted);
        this.killer = new ContainerKiller(tools);
        this.resizing = resizing;
    }

    PodEffect perform(Pod pod, RuntimePod seen, PodAction action) throws InterruptedException {
        return switch (action) {
            case PodAction.StopSandbox(String id) -> {
                tools.runtime().stopSandbox(id);
                yield PodEffect.MOVED;
            }
            case PodAction.RemoveSandbox(String id) -> {
                tools.runtime().removeSandbox(id);
                yield PodEffect.MOVED;
            }
            case PodAction.RemoveContainer(String id) -> {
                tools.runtime().removeContainer(id);
                tools.observer().removed(id);
                state.messages.remove(id);
                yield PodEffect.MOVED;
            }
            case PodAction.CreateSandbox(int attempt) -> sandbox.create(pod, attempt);
            case PodAction.KillContainer kill -> {
                killer.kill(
                        pod,
                        kill.spec(),
                        kill.running(),
                        kill.message(),
                        grace(pod, kill.graceSeconds()),
                        PodState.podIps(tools, seen).stream().findFirst().orElse("127.0.0.1"));
                yield PodEffect.MOVED;
            }
            case PodAction.ResizeContainer(ContainerSpec spec, ContainerStatus running) -> {
                boolean given = resizing.give(pod, seen, spec, running);
                if (!given) {
                    state.blocked.block(RESIZE, RESIZE_RETRY);
                }
                yield given ? PodEffect.MOVED : PodEffect.HELD;
            }
            case PodAction.StartContainer start -> start(pod, seen, start);
        };
    }

    /** Running containers that have other resources than they should and may be given them now. */
    Map<String, Boolean> resizes(Pod pod, RuntimePod seen) {
        return state.blocked.isBlocked(RESIZE) ? Map.of() : resizing.open(pod, seen);
    }

    private PodEffect start(Pod pod, RuntimePod seen, PodAction.StartContainer action) throws InterruptedException {
        ContainerSpec spec = action.spec();
        if (state.blocked.isBlocked(spec.name()) || !state.volumesReady) {
            return PodEffect.HELD;
        }
        var place = new ContainerStarter.Place(
                pod,
                action.sandboxId(),
                () -> sandbox.config(pod, seen.sandbox().orElseThrow().attempt()),
                state.volumes,
                PodState.podIps(tools, seen),
                seen);
        return switch (starter.start(place, spec, action.attempt())) {
            case ContainerStarter.Outcome.Started started -> {
                state.waiting.remove(spec.name());
                state.blocked.clear(spec.name());
                noteRestart(seen, spec);
                yield new PodEffect.ContainerMade(started.containerId(), action.sandboxId());
            }
            case ContainerStarter.Outcome.Blocked(Waiting why, Instant until) -> {
                state.waiting.put(spec.name(), why);
                state.blocked.block(spec.name(), until);
                yield PodEffect.HELD;
            }
            case ContainerStarter.Outcome.SandboxEnded() -> PodEffect.MOVED;
        };
    }

    private void noteRestart(RuntimePod seen, ContainerSpec spec) {
        seen.latest(spec.name())
                .filter(ContainerStatus::exited)
                .flatMap(ContainerStatus::finishedAt)
                .ifPresent(finished -> state.backoffs.put(
                        spec.name(),
                        RestartBackoff.next(
                                state.backoffs.get(spec.name()),
                                finished,
                                tools.clock().instant(),
                                tools.options().policies().pods().longestBackoff())));
    }

    static Duration grace(Pod pod, OptionalLong own) {
        Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(own.orElse(grace == null ? 30 : grace));
    }
}
