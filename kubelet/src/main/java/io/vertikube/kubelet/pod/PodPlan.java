package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.probe.ProbeOutcomes;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to do next for a pod that is meant to run: a pure function of its spec, what the runtime has, what probes found,
 * the back-offs and the time. Doing the actions and planning again leads on; a plan without actions is a pod at rest
 * until {@code again}. Immutable.
 *
 * @param held containers that wait for their back-off, with its length
 * @param again when to look again if nothing happens before
 * @param initialised every init container is over
 * @param finished nothing of this pod will run any more
 */
public record PodPlan(
        List<PodAction> actions,
        Map<String, Duration> held,
        Optional<Instant> again,
        boolean initialised,
        boolean finished) {

    /**
     * What a plan is made from. Immutable.
     *
     * @param resizes running containers that have other resources than they should, by id, and whether they must
     *     be restarted for it
     * @param deadKept how many ended containers are kept beside the newest of each name; below zero: all
     */
    public record Input(
            Pod pod,
            RuntimePod seen,
            ProbeOutcomes probes,
            Map<String, RestartBackoff> backoffs,
            Map<String, Integer> reportedRestarts,
            Instant now,
            int deadKept,
            Map<String, Boolean> resizes) {

        /** One that keeps the newest of each container and the one before it. */
        public Input(
                Pod pod,
                RuntimePod seen,
                ProbeOutcomes probes,
                Map<String, RestartBackoff> backoffs,
                Map<String, Integer> reportedRestarts,
                Instant now) {
            this(pod, seen, probes, backoffs, reportedRestarts, now, 1, Map.of());
        }

        String restartPolicy() {
            String policy = pod.getSpec().getRestartPolicy();
            return policy == null ? "Always" : policy;
        }

        boolean hostNetwork() {
            return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        }

        /** How often a container has been made: the next one's attempt. */
        int nextAttempt(String container) {
            int made =
                    seen.latest(container).map(status -> status.attempt() + 1).orElse(0);
            Integer reported = reportedRestarts.get(container);
            return Math.max(made, reported == null || made > 0 ? 0 : reported + 1);
        }
    }

    public PodPlan {
        actions = List.copyOf(actions);
        held = Map.copyOf(held);
    }

    public static PodPlan of(Input input) {
        Optional<SandboxStatus> sandbox = input.seen().sandbox().filter(s -> usable(input, s));
        var draft = new PlanDraft(input, sandbox.map(SandboxStatus::id).orElse(""));
        if (isFinished(input, sandbox)) {
            return finish(input, draft);
        }
        if (sandbox.isEmpty()) {
            newSandbox(input, draft);
            return draft.toPlan(false);
        }
        stopOthers(input, sandbox.get(), draft);
        prune(input, draft);
        if (InitPlan.decide(draft)) {
            draft.initialised();
            AppPlan.decide(draft);
        }
        return draft.toPlan(false);
    }

    private static boolean usable(Input input, SandboxStatus sandbox) {
        return sandbox.hostNetwork() == input.hostNetwork()
                && (sandbox.hostNetwork() || !sandbox.ips().isEmpty());
    }

    private static void newSandbox(Input input, PlanDraft draft) {
        for (SandboxStatus old : input.seen().sandboxes()) {
            if (old.ready() || hasRunning(input.seen(), old.id())) {
                draft.add(new PodAction.StopSandbox(old.id()));
            }
        }
        int attempt = input.seen().sandboxes().stream()
                .mapToInt(old -> old.attempt() + 1)
                .max()
                .orElse(0);
        draft.add(new PodAction.CreateSandbox(attempt));
    }

    /** A kubelet that died while it replaced a sandbox may leave two. */
    private static void stopOthers(Input input, SandboxStatus current, PlanDraft draft) {
        for (SandboxStatus other : input.seen().sandboxes()) {
            if (other.id().equals(current.id())) {
                continue;
            }
            if (other.ready()) {
                draft.add(new PodAction.StopSandbox(other.id()));
            } else if (input.seen().containers().stream()
                    .noneMatch(container -> container.sandboxId().equals(other.id()))) {
                draft.add(new PodAction.RemoveSandbox(other.id()));
            }
        }
    }

    /** Of each container the newest and a few before it are kept. */
    private static void prune(Input input, PlanDraft draft) {
        if (input.deadKept() < 0) {
            return;
        }
        for (ContainerSpec spec : ContainerSpec.of(input.pod())) {
            input.seen().containers().stream()
                    .filter(status -> status.name().equals(spec.name()))
                    .skip(1L + input.deadKept())
                    .filter(status -> !status.running())
                    .forEach(old -> draft.add(new PodAction.RemoveContainer(old.id())));
        }
    }

    /** Whether everything that could still run has ended for good. */
    private static boolean isFinished(Input input, Optional<SandboxStatus> sandbox) {
        String policy = input.restartPolicy();
        boolean initFailed = ContainerSpec.of(input.pod()).stream()
                .filter(spec -> spec.kind() == ContainerSpec.Kind.INIT)
                .map(spec -> input.seen().latest(spec.name()).map(status -> endedForGood(spec, policy, status, true)))
                .anyMatch(ended -> ended.orElse(false));
        if (initFailed && input.seen().running().isEmpty()) {
            return true;
        }
        List<ContainerSpec> apps = ContainerSpec.of(input.pod()).stream()
                .filter(spec -> spec.kind() == ContainerSpec.Kind.APP)
                .toList();
        boolean sandboxGone = sandbox.isEmpty();
        for (ContainerSpec app : apps) {
            Optional<ContainerStatus> latest = input.seen().latest(app.name());
            if (latest.isEmpty()) {
                // Without its sandbox a pod that must not restart cannot be carried on.
                boolean othersRan = input.seen().containers().stream().anyMatch(ContainerStatus::exited);
                if (!(sandboxGone && !app.restartsAfter(policy, 1) && othersRan)) {
                    return false;
                }
            } else if (!endedForGood(app, policy, latest.get(), false)) {
                return false;
            }
        }
        return true;
    }

    private static boolean endedForGood(ContainerSpec spec, String policy, ContainerStatus status, boolean failedOnly) {
        boolean ended = status.exited() || status.state() == ContainerState.UNKNOWN;
        return ended && !spec.restartsAfter(policy, status.exitCode()) && (!failedOnly || status.exitCode() != 0);
    }

    private static PodPlan finish(Input input, PlanDraft draft) {
        for (SandboxStatus sandbox : input.seen().sandboxes()) {
            if (sandbox.ready() && input.seen().running().isEmpty()) {
                draft.add(new PodAction.StopSandbox(sandbox.id()));
            }
        }
        List<ContainerSpec> specs = ContainerSpec.of(input.pod());
        for (ContainerSpec spec : specs.reversed()) {
            input.seen()
                    .latest(spec.name())
                    .filter(ContainerStatus::running)
                    .ifPresent(running -> draft.add(new PodAction.KillContainer(
                            spec, running, "Stopping container " + spec.name(), java.util.OptionalLong.empty())));
        }
        return draft.toPlan(true);
    }

    private static boolean hasRunning(RuntimePod seen, String sandboxId) {
        return seen.running().stream()
                .anyMatch(container -> container.sandboxId().equals(sandboxId));
    }
}
