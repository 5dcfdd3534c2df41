package io.vertikube.kubelet.eviction;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Rounds;
import io.vertikube.kubelet.pod.PodEvents;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.status.PodStatusPlan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the machine every few seconds and evicts one pod at a time while it is short of something, and any pod that
 * breaks its own limits of local storage. One virtual thread; what is asked of it is safe for any thread.
 */
public final class Evictions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Evictions.class);
    private static final long AT_ONCE_SECONDS = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String REASON = "Evicted";

    private final EvictionOptions options;
    private final String nodeName;
    private final NodeSignals signals;
    private final PodUsage usage;
    private final Pods pods;
    private final DiskReclaim disk;
    private final PodEvents podEvents;
    private final EventRecorder recorder;
    private final Runnable pressureChanged;
    private final InstantSource clock;
    private final Rounds rounds;
    private volatile Set<Signal.Pressure> pressures = Set.of();
    private EvictionPlan.Memory memory = EvictionPlan.Memory.EMPTY;
    private @Nullable String lastEvicted;
    private Instant lastEviction = Instant.MIN;

    /** {@code pressureChanged} is run when a condition of the node begins or is over. */
    public Evictions(
            EvictionOptions options,
            String nodeName,
            NodeSignals signals,
            PodUsage usage,
            Pods pods,
            DiskReclaim disk,
            EventRecorder recorder,
            Runnable pressureChanged,
            InstantSource clock) {
        this.options = options;
        this.nodeName = nodeName;
        this.signals = signals;
        this.usage = usage;
        this.pods = pods;
        this.disk = disk;
        this.podEvents = new PodEvents(recorder);
        this.recorder = recorder;
        this.pressureChanged = pressureChanged;
        this.clock = clock;
        this.rounds = new Rounds(
                "evictions",
                Duration.ZERO,
                options.period(),
                this::round,
                "what the machine has left is not known now",
                RuntimeFailure.class);
    }

    public void start() {
        rounds.start();
    }

    /** The node's conditions now. */
    public Set<Signal.Pressure> pressures() {
        return pressures;
    }

    @Override
    public void close() {
        rounds.close();
    }

    private void round() throws IOException {
        List<Pod> active = pods.all().stream().filter(pod -> !isOver(pod)).toList();
        keepLimits(active);
        if (options.thresholds().isEmpty()) {
            return;
        }
        Map<Signal, Observation> seen = signals.observe();
        EvictionPlan plan = EvictionPlan.of(options, memory, seen, clock.instant());
        memory = plan.memory();
        tell(plan.pressures());
        if (plan.due().isEmpty()) {
            return;
        }
        Threshold due = plan.due().get();
        aboutNode(
                "Warning",
                "EvictionThresholdMet",
                "Attempting to reclaim " + due.signal().resource());
        if (due.signal().pressure() == Signal.Pressure.DISK) {
            disk.reclaim();
            seen = signals.observe();
            plan = EvictionPlan.of(options, memory, seen, clock.instant());
            memory = plan.memory();
            if (plan.due().isEmpty()) {
                LOG.info(
                        "{} is enough again without any pod having to go",
                        due.signal().text());
                return;
            }
            due = plan.due().get();
        }
        if (!isLastStillEnding(active)) {
            evictOne(due, Optional.ofNullable(seen.get(due.signal())), usage.of(active));
        }
    }

    private void keepLimits(List<Pod> active) throws IOException {
        List<Pod> limited = active.stream()
                .filter(pod -> StorageLimits.any(pod) && !PodOrigin.isCritical(pod))
                .toList();
        if (limited.isEmpty()) {
            return;
        }
        for (PodUse use : usage.of(limited)) {
            StorageLimits.exceeded(use).ifPresent(why -> evict(use.pod(), why, OptionalLong.of(AT_ONCE_SECONDS)));
        }
    }

    private void evictOne(Threshold due, Optional<Observation> seen, List<PodUse> uses) {
        List<PodUse> ranked = EvictionRanking.of(due.signal(), uses);
        if (ranked.isEmpty()) {
            LOG.warn(
                    "{} is short, and there is no pod that may be evicted",
                    due.signal().text());
            return;
        }
        PodUse first = ranked.getFirst();
        OptionalLong grace = due.isHard() ? OptionalLong.of(AT_ONCE_SECONDS) : softGrace(first.pod());
        lastEvicted = first.pod().getMetadata().getUid();
        lastEviction = clock.instant();
        evict(first.pod(), EvictionRanking.message(due, seen, first), grace);
    }

    private OptionalLong softGrace(Pod pod) {
        if (options.maxPodGrace().isZero()) {
            return OptionalLong.empty();
        }
        Long own = pod.getSpec().getTerminationGracePeriodSeconds();
        return OptionalLong.of(Math.min(options.maxPodGrace().toSeconds(), own == null ? 30 : own));
    }

    private void evict(Pod pod, String why, OptionalLong grace) {
        if (pods.end(
                pod.getMetadata().getUid(),
                PodStatusPlan.PodEnd.disrupted(REASON, why, "TerminationByKubelet"),
                grace)) {
            LOG.warn(
                    "pod {}/{} is evicted: {}",
                    pod.getMetadata().getNamespace(),
                    pod.getMetadata().getName(),
                    why.strip());
            podEvents.warning(pod, REASON, why);
        }
    }

    /** One goes at a time: what it gives back may be enough. */
    private boolean isLastStillEnding(List<Pod> active) {
        return active.stream().anyMatch(pod -> pod.getMetadata().getUid().equals(lastEvicted))
                && lastEviction.plus(PATIENCE).isAfter(clock.instant());
    }

    private void tell(Set<Signal.Pressure> now) {
        Set<Signal.Pressure> before = pressures;
        pressures = now;
        if (before.equals(now)) {
            return;
        }
        for (Signal.Pressure pressure : Signal.Pressure.values()) {
            if (before.contains(pressure) != now.contains(pressure)) {
                String reason = pressure.event(now.contains(pressure));
                LOG.info("node {}: {}", nodeName, reason);
                aboutNode("Normal", reason, "Node " + nodeName + " status is now: " + reason);
            }
        }
        pressureChanged.run();
    }

    private void aboutNode(String type, String reason, String message) {
        recorder.record(EventRecorder.ownNode(nodeName), type, reason, message);
    }

    private boolean isOver(Pod pod) {
        String phase = pods.phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Types of the node's conditions that are the case. */
    public Set<String> conditions() {
        return pressures.stream().map(Signal.Pressure::condition).collect(Collectors.toUnmodifiableSet());
    }
}
