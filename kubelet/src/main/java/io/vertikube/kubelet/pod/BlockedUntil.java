package io.vertikube.kubelet.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What of a pod cannot be done before a certain time; the rest goes on. Confined to the pod's worker. */
final class BlockedUntil {

    private final InstantSource clock;
    private final Map<String, Instant> times = new HashMap<>();

    BlockedUntil(InstantSource clock) {
        this.clock = clock;
    }

    boolean isBlocked(String what) {
        Instant until = times.get(what);
        if (until == null || !until.isAfter(clock.instant())) {
            times.remove(what);
            return false;
        }
        return true;
    }

    void block(String what, Duration time) {
        block(what, clock.instant().plus(time));
    }

    void block(String what, Instant until) {
        times.put(what, until);
    }

    void clear(String what) {
        times.remove(what);
    }

    /** The earliest end of a block that is still to come. */
    Optional<Instant> next() {
        Instant now = clock.instant();
        return times.values().stream().filter(until -> until.isAfter(now)).min(Instant::compareTo);
    }
}
