package io.vertikube.scheduler.queue;

import java.time.Duration;

/**
 * How long pods wait. Immutable.
 *
 * @param firstBackoff after the first failed try; doubled by each further
 * @param longestUnsuited after which a pod is tried again though nothing happened
 */
public record QueueTimes(Duration firstBackoff, Duration longestBackoff, Duration longestUnsuited) {

    /** 1 s, 10 s and 5 min, as Kubernetes has them. */
    public static QueueTimes defaults() {
        return new QueueTimes(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    Duration backoff(int attempts) {
        if (attempts == 0) {
            return Duration.ZERO;
        }
        Duration backoff = firstBackoff;
        for (int i = 1; i < attempts && backoff.compareTo(longestBackoff) < 0; i++) {
            backoff = backoff.multipliedBy(2);
        }
        return backoff.compareTo(longestBackoff) > 0 ? longestBackoff : backoff;
    }
}
