package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.kubelet.cgroup.PodReserves;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.Waiting;
import io.vertikube.kubelet.volume.VolumeFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the plan of a pod that is meant to run, until it is at rest. Confined to the pod's worker. */
final class PodRun {

    private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);
    private static final int MOST_STEPS = 50;
    private static final Duration VOLUME_RETRY = Duration.ofSeconds(2);

    /** Others attach a volume: that is looked at often, and told only when it lasts. */
    private static final Duration VOLUME_LOOK = Duration.ofMillis(500);

    private static final Duration VOLUME_PATIENCE = Duration.ofMinutes(2);
    private static final Duration SANDBOX_RETRY = Duration.ofSeconds(3);
    private static final String SANDBOX = "\0sandbox";
    private static final String VOLUMES = "\0volumes";
    private static final String RESIZE = "\0resize";
    private static final Duration RESIZE_RETRY = Duration.ofSeconds(10);
    private static final String EVICTED = "Evicted";

    private final PodTools tools;
    private final PodState state;
    private final ContainerStarter starter;
    private final ContainerKiller killer;
    private final PodResizing resizing;
    private final BooleanSupplier endWanted;
    private final Supplier<Optional<PodWorker.EndRequest>> endRequest;
    private @Nullable Instant volumesWaitSince;

    /**
     * Makes one.
     *
     * @param endWanted turns true when the pod is to end; what is under way is finished, nothing new begun
     * @param endRequest why it is to end, if somebody on this machine wants it to
     */
    PodRun(
            PodTools tools,
            PodState state,
            BooleanSupplier endWanted,
            Supplier<Optional<PodWorker.EndRequest>> endRequest) {
        this.endRequest = endRequest;
        this.resizing = new PodResizing(tools, state);
        this.tools = tools;
        this.state = state;
        this.starter = new ContainerStarter(tools, endWanted);
        this.killer = new ContainerKiller(tools);
        this.endWanted = endWanted;
    }

    /** Leads the pod on; answers when to look again. */
    Duration lead(Pod wanted) throws InterruptedException, IOException {
        if (isOver(wanted)) {
            return tidy(wanted);
        }
        checkDeadline(wanted);
        checkRequests(wanted);
        checkAdmission(wanted);
        if (state.end.isEmpty()) {
            refreshVolumes(wanted);
        }
        for (int step = 0; step < MOST_STEPS && !endWanted.getAsBoolean(); step++) {
            RuntimePod seen = tools.observer().observe(state.identity.uid());
            state.readMessages(tools, seen);
            state.updateProbes(tools, wanted, seen);
            if (state.end.isPresent()) {
                return endFromOutside(wanted, seen);
            }
            Pod pod = resizing.granted(wanted, seen);
            PodPlan plan = PodPlan.of(new PodPlan.Input(
                    pod,
                    seen,
                    tools.probes().outcomes(state.identity.uid()),
                    Map.copyOf(state.backoffs),
                    PodState.reportedRestarts(pod),
                    tools.clock().instant(),
                    tools.options().policies().collection().deadPerContainer(),
                    isBlocked(RESIZE) ? Map.of() : resizing.open(pod, seen)));
            state.initialised |= plan.initialised();
            noteHeld(pod, seen, plan);
            state.publish(tools, pod, seen);
            boolean moved = false;
            for (PodAction action : plan.actions()) {
                if (endWanted.getAsBoolean()) {
                    break;
                }
                moved |= perform(pod, seen, action);
            }
            if (!moved) {
                if (!plan.actions().isEmpty()) {
                    state.publish(tools, pod, seen);
                }
                return plan.finished() ? tidy(pod) : untilNext(pod, plan);
            }
        }
        return Duration.ZERO;
    }

    private boolean perform(Pod pod, RuntimePod seen, PodAction action) throws InterruptedException {
        return switch (action) {
            case PodAction.StopSandbox(String id) -> {
                tools.runtime().stopSandbox(id);
                yield true;
            }
            case PodAction.RemoveSandbox(String id) -> {
                tools.runtime().removeSandbox(id);
                yield true;
            }
            case PodAction.RemoveContainer(String id) -> {
                tools.runtime().removeContainer(id);
                tools.observer().removed(id);
                state.messages.remove(id);
                yield true;
            }
            case PodAction.CreateSandbox(int attempt) -> createSandbox(pod, attempt);
            case PodAction.KillContainer kill -> {
                killer.kill(
                        pod,
                        kill.spec(),
                        kill.running(),
                        kill.message(),
                        grace(pod, kill.graceSeconds()),
                        PodState.podIps(tools, seen).stream().findFirst().orElse("127.0.0.1"));
                yield true;
            }
            case PodAction.ResizeContainer(ContainerSpec spec, ContainerStatus running) -> {
                boolean given = resizing.give(pod, seen, spec, running);
                if (!given) {
                    block(RESIZE, RESIZE_RETRY);
                }
                yield given;
            }
            case PodAction.StartContainer start -> start(pod, seen, start);
        };
    }

    private boolean createSandbox(Pod pod, int attempt) {
        if (isBlocked(SANDBOX) || !state.volumesReady) {
            return false;
        }
        String cgroup = makeCgroup(pod);
        try {
            String handler = runtimeHandler(pod);
            tools.runtime().runSandbox(sandboxConfig(pod, attempt, cgroup), handler);
            state.blockedUntil.remove(SANDBOX);
            return true;
        } catch (RuntimeFailure e) {
            LOG.warn("{}: no sandbox: {}", state.identity, e.getMessage());
            tools.events().warning(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
            block(SANDBOX, SANDBOX_RETRY);
            return false;
        }
    }

    private String runtimeHandler(Pod pod) {
        String name = pod.getSpec().getRuntimeClassName();
        return name == null || name.isEmpty() ? "" : tools.runtimeHandler().apply(name);
    }

    private String makeCgroup(Pod pod) {
        String qos = PodResources.qosClass(pod);
        try {
            tools.cgroups().create(state.identity.uid(), qos, PodResources.ofPod(pod), PodReserves.of(pod));
            return tools.cgroups().parentOf(state.identity.uid(), qos);
        } catch (IOException e) {
            tools.events()
                    .warning(
                            pod,
                            "FailedCreatePodCgroup",
                            "The pod runs without a cgroup of its own: " + e.getMessage());
            return "";
        }
    }

    private SandboxConfig sandboxConfig(Pod pod, int attempt, String cgroup) {
        return SandboxConfigs.of(pod, attempt, tools.options(), tools.facts().get(), cgroup);
    }

    private boolean start(Pod pod, RuntimePod seen, PodAction.StartContainer action) throws InterruptedException {
        ContainerSpec spec = action.spec();
        if (isBlocked(spec.name()) || !state.volumesReady) {
            return false;
        }
        String qos = PodResources.qosClass(pod);
        var sandbox = seen.sandbox().orElseThrow();
        var place = new ContainerStarter.Place(
                pod,
                action.sandboxId(),
                sandboxConfig(pod, sandbox.attempt(), tools.cgroups().parentOf(state.identity.uid(), qos)),
                state.volumes,
                PodState.podIps(tools, seen),
                seen);
        return switch (starter.start(place, spec, action.attempt())) {
            case ContainerStarter.Outcome.Started started -> {
                state.waiting.remove(spec.name());
                state.blockedUntil.remove(spec.name());
                seen.latest(spec.name())
                        .filter(old -> old.exited())
                        .flatMap(old -> old.finishedAt())
                        .ifPresent(finished -> state.backoffs.put(
                                spec.name(),
                                RestartBackoff.next(
                                        state.backoffs.get(spec.name()),
                                        finished,
                                        tools.clock().instant())));
                yield true;
            }
            case ContainerStarter.Outcome.Blocked(Waiting why, Instant until) -> {
                state.waiting.put(spec.name(), why);
                state.blockedUntil.put(spec.name(), until);
                yield false;
            }
        };
    }

    /** Containers held by their back-off wait in CrashLoopBackOff; those that run wait for nothing. */
    private void noteHeld(Pod pod, RuntimePod seen, PodPlan plan) {
        for (ContainerSpec spec : ContainerSpec.of(pod)) {
            Duration delay = plan.held().get(spec.name());
            boolean running =
                    seen.latest(spec.name()).map(status -> status.running()).orElse(false);
            Waiting before = state.waiting.get(spec.name());
            if (delay != null) {
                String where = spec.name() + " pod=" + pod.getMetadata().getName() + "_"
                        + pod.getMetadata().getNamespace() + "("
                        + pod.getMetadata().getUid() + ")";
                state.waiting.put(
                        spec.name(),
                        new Waiting(
                                "CrashLoopBackOff",
                                "back-off " + text(delay) + " restarting failed container=" + where));
                if (before == null || !before.reason().equals("CrashLoopBackOff")) {
                    tools.events()
                            .warning(
                                    pod,
                                    spec,
                                    "BackOff",
                                    "Back-off restarting failed container " + spec.name() + " in pod "
                                            + pod.getMetadata().getName() + "_"
                                            + pod.getMetadata().getNamespace() + "("
                                            + pod.getMetadata().getUid() + ")");
                }
            } else if (running) {
                state.waiting.remove(spec.name());
            }
        }
    }

    private static String text(Duration delay) {
        return delay.toMinutes() > 0 ? delay.toMinutes() + "m" + delay.toSecondsPart() + "s" : delay.toSeconds() + "s";
    }

    private void checkDeadline(Pod pod) {
        Long seconds = pod.getSpec().getActiveDeadlineSeconds();
        String started = state.before(tools, pod).getStartTime();
        if (seconds != null && started != null && state.end.isEmpty()) {
            Instant deadline = Instant.parse(started).plusSeconds(seconds);
            if (!deadline.isAfter(tools.clock().instant())) {
                String message = "Pod was active on the node longer than the specified deadline";
                state.end = Optional.of(new PodStatusPlan.PodEnd("DeadlineExceeded", message));
                tools.events().warning(pod, "DeadlineExceeded", message);
            }
        }
    }

    /** An end that was decided before the kubelet restarted stands. */
    private void checkRequests(Pod pod) {
        PodStatus before = state.before(tools, pod);
        if (state.end.isEmpty() && EVICTED.equals(before.getReason())) {
            state.end = Optional.of(PodStatusPlan.PodEnd.disrupted(
                    EVICTED, Objects.requireNonNullElse(before.getMessage(), ""), "TerminationByKubelet"));
        }
        Optional<PodWorker.EndRequest> request = endRequest.get();
        if (state.end.isEmpty() && request.isPresent()) {
            state.end = Optional.of(request.get().why());
            state.endGrace = request.get().graceSeconds();
        }
    }

    /** A pod that nothing was done for yet may be refused by the node. */
    private void checkAdmission(Pod pod) {
        boolean fresh = state.before(tools, pod).getStartTime() == null;
        if (state.admitted || state.end.isPresent()) {
            return;
        }
        state.admitted = true;
        Optional<PodStatusPlan.PodEnd> refused = fresh ? tools.admission().apply(pod) : Optional.empty();
        if (refused.isPresent()
                && tools.observer().observe(state.identity.uid()).isEmpty()) {
            state.end = refused;
            LOG.info("{} is refused: {}", state.identity, refused.get().message());
            tools.events().warning(pod, refused.get().reason(), refused.get().message());
        }
    }

    private Duration endFromOutside(Pod pod, RuntimePod seen) throws InterruptedException {
        state.publish(tools, pod, seen);
        new PodEnding(tools, state).stopContainers(pod, seen, grace(pod, state.endGrace));
        RuntimePod after = tools.observer().observe(state.identity.uid());
        for (var sandbox : after.sandboxes()) {
            if (sandbox.ready()) {
                tools.runtime().stopSandbox(sandbox.id());
            }
        }
        state.readMessages(tools, after);
        state.waiting.clear();
        state.publish(tools, pod, tools.observer().observe(state.identity.uid()));
        return Duration.ZERO;
    }

    private void refreshVolumes(Pod pod) {
        Instant now = tools.clock().instant();
        // Labels and annotations are all that a volume shows of its pod; the rest is what it refers to.
        int shown = Objects.hash(
                pod.getMetadata().getLabels(),
                pod.getMetadata().getAnnotations(),
                tools.configs().changes(state.identity.uid()));
        boolean fresh = shown == state.volumesShow && state.volumesFreshUntil.isAfter(now);
        if (state.volumesReady ? fresh : isBlocked(VOLUMES)) {
            return;
        }
        try {
            state.volumes = tools.volumes().setUp(pod, tools.fields(PodState.reportedIps(pod)));
            state.volumesReady = true;
            volumesWaitSince = null;
            state.volumesShow = shown;
            state.volumesFreshUntil = now.plus(tools.options().syncFrequency());
        } catch (VolumeFailure e) {
            LOG.info("{}: {}", state.identity, e.getMessage());
            if (volumesWaitSince == null) {
                volumesWaitSince = now;
            }
            if (!e.isWaiting() || volumesWaitSince.plus(VOLUME_PATIENCE).isBefore(now)) {
                tools.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
                volumesWaitSince = now;
            }
            block(VOLUMES, e.isWaiting() ? VOLUME_LOOK : VOLUME_RETRY);
        }
    }

    /** Nothing of it runs any more: what it held is given back; logs and containers stay until it is deleted. */
    private Duration tidy(Pod pod) throws IOException {
        RuntimePod seen = tools.observer().observe(state.identity.uid());
        for (var sandbox : seen.sandboxes()) {
            if (sandbox.ready()) {
                tools.runtime().stopSandbox(sandbox.id());
            }
        }
        tools.probes().forget(state.identity.uid());
        tools.allocations().forget(state.identity.uid());
        state.readMessages(tools, seen);
        state.publish(tools, pod, seen);
        state.volumesReady = false;
        tools.volumes().tearDown(state.identity.uid());
        tools.cgroups().remove(state.identity.uid());
        return Duration.ofHours(1);
    }

    private boolean isOver(Pod pod) {
        String phase = state.before(tools, pod).getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private Duration untilNext(Pod pod, PodPlan plan) {
        Instant now = tools.clock().instant();
        Duration wait = tools.options().syncFrequency();
        wait = shorter(wait, plan.again().map(at -> Duration.between(now, at)));
        if (state.resize.pending().isPresent()) {
            // Another pod may have left meanwhile.
            wait = shorter(wait, Optional.of(RESIZE_RETRY));
        }
        for (Instant until : state.blockedUntil.values()) {
            wait = shorter(wait, Optional.of(Duration.between(now, until)).filter(Duration::isPositive));
        }
        Long deadline = pod.getSpec().getActiveDeadlineSeconds();
        String started = state.before(tools, pod).getStartTime();
        if (deadline != null && started != null) {
            wait = shorter(
                    wait,
                    Optional.of(Duration.between(now, Instant.parse(started).plusSeconds(deadline))));
        }
        return wait.isNegative() ? Duration.ZERO : wait.plusMillis(1);
    }

    private static Duration shorter(Duration a, Optional<Duration> b) {
        return b.filter(other -> other.compareTo(a) < 0).orElse(a);
    }

    private boolean isBlocked(String what) {
        Instant until = state.blockedUntil.get(what);
        if (until == null || !until.isAfter(tools.clock().instant())) {
            state.blockedUntil.remove(what);
            return false;
        }
        return true;
    }

    private void block(String what, Duration time) {
        state.blockedUntil.put(what, tools.clock().instant().plus(time));
    }

    private static Duration grace(Pod pod, OptionalLong own) {
        Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(own.orElse(grace == null ? 30 : grace));
    }
}
