package io.vertikube.scheduler.preemption;

import io.vertikube.scheduler.snapshot.PodView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A node, and the pods that have to leave it. Immutable.
 *
 * @param violations how many of them go against a disruption budget
 */
record Candidate(String node, List<PodView> victims, int violations) {

    /** The one that hurts least comes first. */
    static final Comparator<Candidate> LEAST_HARM = Comparator.comparingInt(Candidate::violations)
            .thenComparingInt(Candidate::highestPriority)
            .thenComparingLong(Candidate::prioritySum)
            .thenComparingInt(candidate -> candidate.victims.size())
            .thenComparing(Candidate::earliestStartOfHighest, Comparator.reverseOrder())
            .thenComparing(Candidate::node);

    Candidate {
        victims = List.copyOf(victims);
    }

    private int highestPriority() {
        return victims.stream().mapToInt(PodView::priority).max().orElse(Integer.MIN_VALUE);
    }

    /** Shifted so that many small ones weigh more than few, also below zero. */
    private long prioritySum() {
        return victims.stream()
                .mapToLong(victim -> (long) victim.priority() + Integer.MAX_VALUE + 1L)
                .sum();
    }

    private Instant earliestStartOfHighest() {
        int highest = highestPriority();
        return victims.stream()
                .filter(victim -> victim.priority() == highest)
                .map(PreemptionPlan::startOf)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }
}
