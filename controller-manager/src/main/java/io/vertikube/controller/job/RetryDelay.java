package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How long a Job waits before it replaces failed pods: 10 s, 20 s, 40 s … up to 10 min after the last failure. Pure. */
final class RetryDelay {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private RetryDelay() {}

    /** What is left of the wait, counting the failures since the last success among the given pods. */
    static Optional<Duration> left(List<Pod> pods, Instant now) {
        Optional<Instant> lastSuccess =
                pods.stream().filter(Pods::succeeded).map(RetryDelay::endedAt).max(Comparator.naturalOrder());
        List<Instant> failures = pods.stream()
                .filter(Pods::failed)
                .map(RetryDelay::endedAt)
                .filter(at -> lastSuccess.isEmpty() || at.isAfter(lastSuccess.get()))
                .sorted()
                .toList();
        return failures.isEmpty() ? Optional.empty() : left(failures.size(), failures.getLast(), now);
    }

    static Optional<Duration> left(int failures, Instant last, Instant now) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        Instant due = last.plus(delay.compareTo(LONGEST) > 0 ? LONGEST : delay);
        return due.isAfter(now) ? Optional.of(Duration.between(now, due)) : Optional.empty();
    }

    /** When the pod's last container ended; else when it was deleted, or made. */
    static Instant endedAt(Pod pod) {
        Instant last = Instant.EPOCH;
        if (pod.getStatus() != null) {
            for (ContainerStatus status : Fields.list(pod.getStatus().getContainerStatuses())) {
                if (status.getState() != null && status.getState().getTerminated() != null) {
                    Instant at =
                            Fields.instant(status.getState().getTerminated().getFinishedAt());
                    last = at.isAfter(last) ? at : last;
                }
            }
        }
        if (last.equals(Instant.EPOCH)) {
            last = Pods.condition(pod, "Ready")
                    .map(c -> Fields.instant(c.getLastTransitionTime()))
                    .orElse(Instant.EPOCH);
        }
        return last.equals(Instant.EPOCH) ? Fields.instant(pod.getMetadata().getCreationTimestamp()) : last;
    }
}
