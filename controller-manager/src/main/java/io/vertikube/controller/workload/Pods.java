package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a pod's status says, in the words controllers decide by. Pure; safe for any thread. */
public final class Pods {
    private Pods() {}

    public static String phase(Pod pod) {
        PodStatus status = pod.getStatus();
        return status == null || status.getPhase() == null ? "Pending" : status.getPhase();
    }

    public static boolean succeeded(Pod pod) {
        return phase(pod).equals("Succeeded");
    }

    public static boolean failed(Pod pod) {
        return phase(pod).equals("Failed");
    }

    /** Ran to its end, well or badly: it will never run again. */
    public static boolean finished(Pod pod) {
        return succeeded(pod) || failed(pod);
    }

    public static boolean terminating(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** Counts toward a replica count: neither finished nor on its way out. */
    public static boolean active(Pod pod) {
        return !finished(pod) && !terminating(pod);
    }

    public static boolean scheduled(Pod pod) {
        return pod.getSpec() != null
                && !Fields.text(pod.getSpec().getNodeName()).isEmpty();
    }

    public static Optional<PodCondition> condition(Pod pod, String type) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        return Fields.list(status.getConditions()).stream()
                .filter(c -> type.equals(c.getType()))
                .findFirst();
    }

    public static boolean ready(Pod pod) {
        return condition(pod, "Ready").filter(c -> "True".equals(c.getStatus())).isPresent();
    }

    /** Since when the pod has been ready; absent while it is not. */
    public static Optional<Instant> readySince(Pod pod) {
        return condition(pod, "Ready")
                .filter(c -> "True".equals(c.getStatus()))
                .map(c -> Fields.instant(c.getLastTransitionTime()));
    }

    /** Ready for at least {@code minReadySeconds}. */
    public static boolean available(Pod pod, int minReadySeconds, Instant now) {
        Optional<Instant> since = readySince(pod);
        if (since.isEmpty()) {
            return false;
        }
        return minReadySeconds == 0
                || (since.get().isAfter(Instant.EPOCH)
                        && !since.get().plusSeconds(minReadySeconds).isAfter(now));
    }

    /** How long until a ready pod counts as available; absent when it is not ready or already available. */
    public static Optional<Duration> untilAvailable(Pod pod, int minReadySeconds, Instant now) {
        if (available(pod, minReadySeconds, now)) {
            return Optional.empty();
        }
        return readySince(pod).map(since -> Duration.between(now, since.plusSeconds(minReadySeconds)));
    }

    /** The most restarts any of its containers has had. */
    public static int restarts(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return 0;
        }
        return Fields.list(status.getContainerStatuses()).stream()
                .mapToInt(c -> Fields.number(c.getRestartCount()))
                .max()
                .orElse(0);
    }

    /** Whether readiness differs between two sights of the same pod, or one of them is missing. */
    public static boolean readinessChanged(@Nullable Pod before, @Nullable Pod after) {
        return before == null || after == null || ready(before) != ready(after);
    }
}
