package io.vertikube.kubelet.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When each volume of a pod may be tried again: after half a second, twice as long each time it fails, two minutes and two
 * seconds at most, as Kubernetes does. One that others are at work on is looked at twice a second, and told of only when
 * that lasts. Confined to the pod's worker.
 */
final class MountTurns {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(122);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final InstantSource clock;
    private final Map<String, Turn> turns = new HashMap<>();

    MountTurns(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The next turn of a volume that is not to be had.
     *
     * @param delay what it waits after a failure; zero while it has only waited for others
     * @param quietSince when people were last told of it, or it was first waited for
     */
    private record Turn(Instant at, Duration delay, Instant quietSince) {}

    boolean isOpen(String volume) {
        Turn turn = turns.get(volume);
        return turn == null || !turn.at().isAfter(clock.instant());
    }

    /** It was tried and failed. */
    void failed(String volume) {
        Turn before = turns.get(volume);
        Duration delay = next(before == null ? Duration.ZERO : before.delay());
        Instant now = clock.instant();
        turns.put(volume, new Turn(now.plus(delay), delay, now));
    }

    /** It was tried and others are at work on it: answers whether that lasts so long that people are to be told. */
    boolean waits(String volume) {
        Turn before = turns.get(volume);
        Instant now = clock.instant();
        Instant since = before == null ? now : before.quietSince();
        boolean tell = since.plus(PATIENCE).isBefore(now);
        turns.put(volume, new Turn(now.plus(LOOK), Duration.ZERO, tell ? now : since));
        return tell;
    }

    void stands(String volume) {
        turns.remove(volume);
    }

    /** Something that the pod refers to has changed: all may be tried at once, and wait on as before if they fail again. */
    void openAll() {
        Instant now = clock.instant();
        turns.replaceAll((volume, turn) -> new Turn(now, turn.delay(), turn.quietSince()));
    }

    /** The earliest turn of all that are not to be had. */
    Optional<Instant> next() {
        return turns.values().stream().map(Turn::at).min(Instant::compareTo);
    }

    private static Duration next(Duration before) {
        Duration doubled = before.multipliedBy(2);
        return before.isZero() ? FIRST : doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}
