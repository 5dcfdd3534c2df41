package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.Probe;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The probes of all pods of this node. A pod's worker says which containers run; outcomes change on the probes' threads
 * and the worker is woken. Safe for any thread.
 */
public final class Probes {

    /** Told of every failed or doubtful try, so that an event can be written; called on the probe's thread. */
    public interface TryListener {
        void tried(String podUid, String containerName, ProbeKind kind, boolean success, String output);
    }

    private final ProbeCall call;
    private final InstantSource clock;
    private final Consumer<String> changed;
    private final TryListener tries;
    private final Map<String, Map<String, Watched>> byPod = new ConcurrentHashMap<>();

    /** {@code changed} is told the uid of a pod whose outcomes changed. */
    public Probes(
            ContainerRuntime runtime,
            PodCalls calls,
            InstantSource clock,
            Consumer<String> changed,
            TryListener tries) {
        this.call = new ProbeCall(runtime, calls);
        this.clock = clock;
        this.changed = changed;
        this.tries = tries;
    }

    /** One container that runs, and what was reported of it before this kubelet began. */
    public record Running(ProbeTarget target, ContainerStatus status, boolean startedBefore, boolean readyBefore) {}

    /** Starts probes of containers that are new and stops those of containers that run no more. */
    public void update(String podUid, List<Running> running) {
        Map<String, Watched> watched = byPod.computeIfAbsent(podUid, uid -> new ConcurrentHashMap<>());
        Set<String> ids = new java.util.HashSet<>();
        for (Running container : running) {
            ids.add(container.target().containerId());
            watched.computeIfAbsent(container.target().containerId(), id -> watch(podUid, container));
        }
        watched.entrySet().removeIf(entry -> {
            boolean gone = !ids.contains(entry.getKey());
            if (gone) {
                entry.getValue().stop();
            }
            return gone;
        });
    }

    public ProbeOutcomes outcomes(String podUid) {
        Map<String, ProbeOutcomes.Outcome> result = new HashMap<>();
        byPod.getOrDefault(podUid, Map.of()).forEach((id, container) -> result.put(id, container.outcome));
        return new ProbeOutcomes(result);
    }

    public void forget(String podUid) {
        Map<String, Watched> watched = byPod.remove(podUid);
        if (watched != null) {
            watched.values().forEach(Watched::stop);
        }
    }

    /** Stops every probe. */
    public void close() {
        List.copyOf(byPod.keySet()).forEach(this::forget);
    }

    private Watched watch(String podUid, Running container) {
        var watched = new Watched(podUid, container);
        var spec = container.target().container();
        watched.add(ProbeKind.STARTUP, container.startedBefore() ? null : spec.getStartupProbe());
        watched.add(ProbeKind.LIVENESS, spec.getLivenessProbe());
        watched.add(ProbeKind.READINESS, spec.getReadinessProbe());
        watched.loops.forEach(ProbeLoop::start);
        return watched;
    }

    /** The probes of one container. Outcome is replaced under its monitor; loops run on their own threads. */
    private final class Watched implements ProbeLoop.Listener {

        private final String podUid;
        private final Running container;
        private final List<ProbeLoop> loops = new ArrayList<>();
        private volatile ProbeOutcomes.Outcome outcome;

        Watched(String podUid, Running container) {
            this.podUid = podUid;
            this.container = container;
            var spec = container.target().container();
            this.outcome = new ProbeOutcomes.Outcome(
                    spec.getStartupProbe() == null || container.startedBefore(),
                    spec.getReadinessProbe() == null || container.readyBefore(),
                    Optional.empty());
        }

        void add(ProbeKind kind, @Nullable Probe probe) {
            if (probe != null) {
                loops.add(new ProbeLoop(
                        kind,
                        probe,
                        container.target(),
                        call,
                        container.status().startedAt().orElse(container.status().createdAt()),
                        () -> kind == ProbeKind.STARTUP || outcome.started(),
                        this,
                        clock));
            }
        }

        void stop() {
            loops.forEach(ProbeLoop::stop);
        }

        @Override
        public void turned(ProbeKind kind, boolean success) {
            synchronized (this) {
                outcome = switch (kind) {
                    case STARTUP ->
                        new ProbeOutcomes.Outcome(
                                success, outcome.ready(), success ? Optional.empty() : Optional.of(failed(kind)));
                    case READINESS -> new ProbeOutcomes.Outcome(outcome.started(), success, outcome.failed());
                    case LIVENESS ->
                        success
                                ? outcome
                                : new ProbeOutcomes.Outcome(
                                        outcome.started(), outcome.ready(), Optional.of(failed(kind)));
                };
            }
            changed.accept(podUid);
        }

        @Override
        public void tryFailed(ProbeKind kind, String output) {
            tries.tried(podUid, container.target().container().getName(), kind, false, output);
        }

        @Override
        public void tryWarned(ProbeKind kind, String output) {
            tries.tried(podUid, container.target().container().getName(), kind, true, output);
        }

        private ProbeOutcomes.Failed failed(ProbeKind kind) {
            var spec = container.target().container();
            Probe probe = kind == ProbeKind.STARTUP ? spec.getStartupProbe() : spec.getLivenessProbe();
            Long grace = probe == null ? null : probe.getTerminationGracePeriodSeconds();
            return new ProbeOutcomes.Failed(kind, grace == null ? OptionalLong.empty() : OptionalLong.of(grace));
        }
    }
}
