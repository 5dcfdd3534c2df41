package io.vertikube.controller.daemonset;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long to wait before something that keeps failing is tried again: not at all at first, then a second, then twice as long
 * each time up to a quarter of an hour; forgotten after twice that. Safe for any thread.
 */
final class Patience {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private record Wait(Instant triedAt, Duration next) {}

    private final Map<String, Wait> waits = new ConcurrentHashMap<>();

    /** Empty when it may be tried now, which counts as a try; else how long to wait still. */
    Optional<Duration> until(String what, Instant now) {
        waits.values()
                .removeIf(wait -> wait.triedAt.plus(LONGEST.multipliedBy(2)).isBefore(now));
        Wait before = waits.get(what);
        if (before == null) {
            waits.put(what, new Wait(now, FIRST));
            return Optional.empty();
        }
        Instant due = before.triedAt.plus(before.next);
        if (due.isAfter(now)) {
            return Optional.of(Duration.between(now, due));
        }
        Duration doubled = before.next.multipliedBy(2);
        waits.put(what, new Wait(now, doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled));
        return Optional.empty();
    }
}
