package io.vertikube.controller.workload;

import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a controller wrote and has not yet seen come back through its informer. Until an owner's expectations are met its
 * view is too old to count by. An expectation that is never met lapses, so that a lost event costs minutes, not for ever.
 * Safe for any thread.
 */
public final class Expectations {
    /** How long a controller waits for its own writes to appear. */
    static final Duration LAPSE = Duration.ofMinutes(5);

    private static final class Pending {
        private int creations;
        private final Set<String> deletions = new HashSet<>();
        private final Instant since;

        private Pending(Instant since) {
            this.since = since;
        }

        private boolean met() {
            return creations <= 0 && deletions.isEmpty();
        }
    }

    private final InstantSource clock;
    private final Map<ObjectKey, Pending> byOwner = new HashMap<>();

    public Expectations(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void expectCreations(ObjectKey owner, int count) {
        pending(owner).creations += count;
    }

    /** Takes back creations that were expected and never sent, or failed. */
    public synchronized void lowerCreations(ObjectKey owner, int count) {
        Pending pending = byOwner.get(owner);
        if (pending != null) {
            pending.creations -= count;
        }
    }

    public synchronized void expectDeletions(ObjectKey owner, Collection<String> uids) {
        pending(owner).deletions.addAll(uids);
    }

    public void creationObserved(ObjectKey owner) {
        lowerCreations(owner, 1);
    }

    public synchronized void deletionObserved(ObjectKey owner, String uid) {
        Pending pending = byOwner.get(owner);
        if (pending != null) {
            pending.deletions.remove(uid);
        }
    }

    /** Whether everything the owner's controller wrote has been seen, or has been waited for long enough. */
    public synchronized boolean satisfied(ObjectKey owner) {
        Pending pending = byOwner.get(owner);
        if (pending == null) {
            return true;
        }
        if (pending.met() || pending.since.plus(LAPSE).isBefore(clock.instant())) {
            byOwner.remove(owner);
            return true;
        }
        return false;
    }

    public synchronized void forget(ObjectKey owner) {
        byOwner.remove(owner);
    }

    private Pending pending(ObjectKey owner) {
        return byOwner.computeIfAbsent(owner, key -> new Pending(clock.instant()));
    }
}
