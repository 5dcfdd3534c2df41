package io.vertikube.scheduler.queue;

import io.vertikube.scheduler.snapshot.PodView;
import java.time.Instant;
import java.util.Set;

/**
 * A pod that waits for a node. Immutable.
 *
 * @param queuedAt when it last came into the queue
 * @param attempts how often it was tried
 * @param rejectedBy the rules that said no the last time; none if something else went wrong
 */
public record QueuedPod(PodView pod, Instant queuedAt, int attempts, Set<String> rejectedBy) {

    public QueuedPod {
        rejectedBy = Set.copyOf(rejectedBy);
    }

    static QueuedPod fresh(PodView pod, Instant now) {
        return new QueuedPod(pod, now, 0, Set.of());
    }

    QueuedPod with(PodView newer) {
        return new QueuedPod(newer, queuedAt, attempts, rejectedBy);
    }

    QueuedPod tried(Set<String> rejectors, Instant now) {
        return new QueuedPod(pod, now, attempts + 1, rejectors);
    }
}
