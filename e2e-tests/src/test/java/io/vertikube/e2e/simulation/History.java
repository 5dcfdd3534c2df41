package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.storage.StoreEvent;
import io.vertikube.apiserver.storage.StoreListener;
import io.vertikube.apiserver.storage.StoreUnavailable;
import io.vertikube.cache.LruMap;
import io.vertikube.object.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every write as the store has it, beneath all API servers: shown to the invariants one by one, and remembered for
 * reports. Safe for any thread.
 */
final class History implements StoreListener {

    private static final int LINES_AN_OBJECT = 60;
    private static final int OBJECTS = 20_000;

    /** A violation, and at which step it was seen. */
    record Violation(String invariant, Finding finding, int step, Instant at) {}

    private final InstantSource clock;
    private final List<Invariant> invariants;
    private final State state = new State();
    private final List<Violation> violations = new ArrayList<>();
    private final Map<ObjectId, Deque<String>> lines = new LruMap<>(OBJECTS);
    private final Digest digest = new Digest();
    private int step;

    History(InstantSource clock, List<Invariant> invariants) {
        this.clock = clock;
        this.invariants = List.copyOf(invariants);
    }

    @Override
    public synchronized void events(List<StoreEvent> events) {
        for (StoreEvent event : events) {
            byte[] value = event.value();
            try {
                seen(event.revision(), ObjectId.ofKey(event.key()), value == null ? null : Json.tree(value));
            } catch (RuntimeException e) {
                violated("history", new Finding(new ObjectId("store", "", event.key()), "cannot be followed: " + e));
            }
        }
    }

    /** Takes a write in. */
    synchronized void seen(long at, ObjectId id, @Nullable JsonNode after) {
        JsonNode before = state.put(id, after);
        if (before == null && after == null) {
            return;
        }
        var change = new Change(at, clock.instant(), id, before, after);
        digest.add(change);
        if (id.plural().equals("events")) {
            return;
        }
        note(
                id,
                "r" + at + " " + change.at() + " step " + step + ": "
                        + (after == null ? "deleted" : (before == null ? "created " : "") + Objects.summary(after)));
        for (Invariant invariant : invariants) {
            add(invariant, invariant.changed(change, state));
        }
    }

    /** Something that belongs to the story of an object and is no write. */
    synchronized void note(ObjectId id, String line) {
        Deque<String> known = lines.computeIfAbsent(id, i -> new ArrayDeque<>());
        known.addLast(line);
        if (known.size() > LINES_AN_OBJECT) {
            known.removeFirst();
        }
    }

    /** From here on it is this step. */
    synchronized void begin(int number) {
        step = number;
        digest.stepEnds();
    }

    /** Reads or sets up the digest under the lock. */
    synchronized <R> R digest(Function<Digest, R> reader) {
        return reader.apply(digest);
    }

    synchronized void settled() {
        for (Invariant invariant : invariants) {
            add(invariant, invariant.settled(state));
        }
    }

    /** What does not hold yet, by invariant. */
    synchronized Map<String, List<Finding>> unmet() {
        var open = new LinkedHashMap<String, List<Finding>>();
        for (Invariant invariant : invariants) {
            List<Finding> found = invariant.unmet(state);
            if (!found.isEmpty()) {
                open.put(invariant.name(), found);
            }
        }
        return open;
    }

    /** Says that something was found wrong. */
    synchronized void violated(String invariant, Finding finding) {
        violations.add(new Violation(invariant, finding, step, clock.instant()));
    }

    synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** Reads under the lock. */
    synchronized <R> R read(Function<State, R> reader) {
        return reader.apply(state);
    }

    /** What is remembered of an object, oldest first. */
    synchronized List<String> story(ObjectId id) {
        return List.copyOf(lines.getOrDefault(id, new ArrayDeque<>()));
    }

    @Override
    public void compacted(long compactedRevision) {
        failed(new StoreUnavailable("compacted at " + compactedRevision, null));
    }

    @Override
    public void failed(StoreUnavailable why) {
        violated("history", new Finding(new ObjectId("store", "", "store"), String.valueOf(why.getMessage())));
    }

    private void add(Invariant invariant, List<Finding> found) {
        found.forEach(finding -> violated(invariant.name(), finding));
    }
}
