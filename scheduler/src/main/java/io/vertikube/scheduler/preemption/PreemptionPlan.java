package io.vertikube.scheduler.preemption;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.vertikube.scheduler.cycle.Decision;
import io.vertikube.scheduler.cycle.SchedulingCycle;
import io.vertikube.scheduler.cycle.Sentence;
import io.vertikube.scheduler.plugin.Verdict;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses pods of lower priority that leave a node so that a pod fits there, or says why that does not help ("Pod
 * Priority and Preemption" in the documentation). Pure; safe for any thread.
 */
public final class PreemptionPlan {

    private static final int MOST_CANDIDATES = 100;

    /** What to do. */
    public sealed interface Outcome {

        /** These leave, and the pod is promised the node. */
        record Evict(String node, List<PodView> victims) implements Outcome {
            public Evict {
                victims = List.copyOf(victims);
            }
        }

        /** @param sentence the part of the pod's message that begins with {@code preemption:} */
        record Useless(String sentence) implements Outcome {}
    }

    private final SchedulingCycle cycle;

    public PreemptionPlan(SchedulingCycle cycle) {
        this.cycle = cycle;
    }

    /** Plans for a pod that fits nowhere. */
    public Outcome plan(PodView pod, Snapshot snapshot, Decision.None none, Collection<PodDisruptionBudget> budgets) {
        int nodes = snapshot.nodes().size();
        if ("Never".equals(pod.spec().getPreemptionPolicy())) {
            return new Outcome.Useless(" preemption: not eligible due to preemptionPolicy=Never.");
        }
        if (waitsForVictims(pod, snapshot)) {
            return new Outcome.Useless(" preemption: not eligible due to a terminating pod on the nominated node.");
        }
        var reasons = new HashMap<String, String>();
        var candidates = new ArrayList<Candidate>();
        for (NodeView node : snapshot.nodes()) {
            Verdict.Unfit verdict = none.verdicts().get(node.name());
            if (verdict == null || !verdict.preemptible()) {
                reasons.put(node.name(), "Preemption is not helpful for scheduling");
            } else if (candidates.size() < MOST_CANDIDATES) {
                candidate(pod, snapshot, node, budgets)
                        .ifPresentOrElse(
                                candidates::add,
                                () -> reasons.put(node.name(), "No preemption victims found for incoming pod"));
            }
        }
        return candidates.stream()
                .min(Candidate.LEAST_HARM)
                .<Outcome>map(best -> new Outcome.Evict(best.node(), best.victims()))
                .orElseGet(() -> new Outcome.Useless(Sentence.preemption(nodes, reasons.values())));
    }

    /** Others leave for it already; more need not. */
    private static boolean waitsForVictims(PodView pod, Snapshot snapshot) {
        NodeView promised = snapshot.node(pod.nominatedNode());
        return promised != null
                && promised.pods().stream().anyMatch(other -> other.isEnding() && other.priority() < pod.priority());
    }

    /** Without all that may go the pod must fit; then as many as possible stay, the important and old ones first. */
    private Optional<Candidate> candidate(
            PodView pod, Snapshot snapshot, NodeView node, Collection<PodDisruptionBudget> budgets) {
        List<PodView> lower = node.pods().stream()
                .filter(other -> other.priority() < pod.priority())
                .toList();
        if (lower.isEmpty()) {
            return Optional.empty();
        }
        NodeView seen = node;
        for (PodView victim : lower) {
            seen = seen.without(victim);
        }
        if (!cycle.fits(pod, snapshot.with(seen), seen)) {
            return Optional.empty();
        }
        Map<PodView, Boolean> violates = violations(lower, budgets);
        var victims = new ArrayList<PodView>();
        int violated = 0;
        for (PodView spared : byImportance(violates)) {
            NodeView with = seen.with(spared);
            if (cycle.fits(pod, snapshot.with(with), with)) {
                seen = with;
            } else {
                victims.add(spared);
                violated += violates.getOrDefault(spared, false) ? 1 : 0;
            }
        }
        return victims.isEmpty() ? Optional.empty() : Optional.of(new Candidate(node.name(), victims, violated));
    }

    private static List<PodView> byImportance(Map<PodView, Boolean> violates) {
        var ordered = new ArrayList<>(violates.keySet());
        ordered.sort(Comparator.<PodView, Boolean>comparing(pod -> !violates.getOrDefault(pod, false))
                .thenComparing(Comparator.comparingInt(PodView::priority).reversed())
                .thenComparing(PreemptionPlan::startOf));
        return ordered;
    }

    /** Which of the pods a budget does not let go, when they go in the order of their importance. */
    private static Map<PodView, Boolean> violations(List<PodView> pods, Collection<PodDisruptionBudget> budgets) {
        var left = new HashMap<PodDisruptionBudget, Integer>();
        var violates = new LinkedHashMap<PodView, Boolean>();
        var ordered = new ArrayList<>(pods);
        ordered.sort(Comparator.comparingInt(PodView::priority).reversed().thenComparing(PreemptionPlan::startOf));
        for (PodView pod : ordered) {
            boolean against = false;
            for (PodDisruptionBudget budget : budgets) {
                if (covers(budget, pod)) {
                    int allowed = left.computeIfAbsent(budget, PreemptionPlan::allowed) - 1;
                    left.put(budget, allowed);
                    against |= allowed < 0;
                }
            }
            violates.put(pod, against);
        }
        return violates;
    }

    private static int allowed(PodDisruptionBudget budget) {
        Integer allowed = budget.getStatus() == null ? null : budget.getStatus().getDisruptionsAllowed();
        return allowed == null ? 0 : allowed;
    }

    private static boolean covers(PodDisruptionBudget budget, PodView pod) {
        if (!pod.namespace().equals(budget.getMetadata().getNamespace())
                || budget.getSpec().getSelector() == null) {
            return false;
        }
        Selector selector = Selectors.labels(budget.getSpec().getSelector());
        return selector.matches(pod.labels());
    }

    static Instant startOf(PodView pod) {
        String time =
                pod.pod().getStatus() == null ? null : pod.pod().getStatus().getStartTime();
        return time == null ? Instant.MAX : Instant.parse(time);
    }
}
