package io.vertikube.kubelet.pod;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a container that keeps ending has to wait: 10 s, doubling to 5 min or what the node says, forgotten after 10 min without an end
 * ("Container restarts" in the documentation). Immutable.
 */
public record RestartBackoff(Duration delay, Instant since) {

    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);
    static final Duration FORGET = Duration.ofMinutes(10);

    /** The one after a restart at a time, given the one before or null. */
    static RestartBackoff next(@Nullable RestartBackoff before, Instant finishedAt, Instant now, Duration longest) {
        Duration delay = before == null || before.forgotten(finishedAt) ? FIRST : before.delay.multipliedBy(2);
        return new RestartBackoff(delay.compareTo(longest) > 0 ? longest : delay, now);
    }

    /** When a container that ended then may start again. */
    Instant until(Instant finishedAt) {
        return forgotten(finishedAt) ? finishedAt : finishedAt.plus(delay);
    }

    private boolean forgotten(Instant finishedAt) {
        return finishedAt.isAfter(since.plus(delay).plus(FORGET));
    }
}
