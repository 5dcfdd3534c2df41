package io.vertikube.apiserver.storage.embedded;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Which revisions end when. Whether a revision still is its key's latest is asked when the time has come. Safe for any
 * thread.
 */
final class Leases {

    private final ConcurrentSkipListMap<Long, ConcurrentSkipListSet<Long>> byExpiry = new ConcurrentSkipListMap<>();
    private final InstantSource clock;

    Leases(InstantSource clock) {
        this.clock = clock;
    }

    /** When a lease taken now ends, in milliseconds since the epoch; 0 for no lease. */
    long expiry(long seconds) {
        return seconds == 0 ? 0 : clock.millis() + seconds * 1000;
    }

    void add(Change change) {
        if (change.expiresAtMillis() > 0) {
            byExpiry.computeIfAbsent(change.expiresAtMillis(), at -> new ConcurrentSkipListSet<>())
                    .add(change.revision());
        }
    }

    /** Takes out and returns the revisions whose time has come. */
    List<Long> due() {
        var due = new ArrayList<Long>();
        var ended = byExpiry.headMap(clock.millis(), true);
        for (var first = ended.pollFirstEntry(); first != null; first = ended.pollFirstEntry()) {
            due.addAll(first.getValue());
        }
        return due;
    }
}
