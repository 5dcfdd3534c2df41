package io.vertikube.apiserver.storage;

import java.time.Duration;
import java.util.Map;

/**
 * Every bound of this package. Immutable.
 *
 * @param objectBytes the largest object at rest; etcd takes requests of 1.5 MiB
 * @param historyEvents how many events watchers may lag behind, over all types
 * @param historyBytes how many bytes of overwritten objects the event history may hold on to, over all types
 * @param revisionWait how long a read waits for the cache to reach a revision
 * @param compactionInterval how often history is compacted; it always reaches back at least this far
 * @param pageEntries how many entries one read of the store asks for while the cache is loaded
 * @param timeToLive how long objects under a storage prefix live after their last write; other prefixes live for ever
 */
public record StorageLimits(
        int objectBytes,
        int historyEvents,
        long historyBytes,
        Duration revisionWait,
        Duration compactionInterval,
        int pageEntries,
        Map<String, Duration> timeToLive) {

    public StorageLimits {
        timeToLive = Map.copyOf(timeToLive);
    }

    /** What a server uses unless told otherwise: events live an hour, history five to ten minutes. */
    public static StorageLimits defaults() {
        return new StorageLimits(
                1_400_000,
                100_000,
                64L << 20,
                Duration.ofSeconds(3),
                Duration.ofMinutes(5),
                1_000,
                Map.of("/registry/core/events/", Duration.ofHours(1)));
    }

    public StorageLimits withTimeToLive(Map<String, Duration> other) {
        return new StorageLimits(
                objectBytes, historyEvents, historyBytes, revisionWait, compactionInterval, pageEntries, other);
    }

    public StorageLimits withHistory(int events, long bytes) {
        return new StorageLimits(objectBytes, events, bytes, revisionWait, compactionInterval, pageEntries, timeToLive);
    }

    public StorageLimits withRevisionWait(Duration other) {
        return new StorageLimits(
                objectBytes, historyEvents, historyBytes, other, compactionInterval, pageEntries, timeToLive);
    }

    public StorageLimits withCompactionInterval(Duration other) {
        return new StorageLimits(
                objectBytes, historyEvents, historyBytes, revisionWait, other, pageEntries, timeToLive);
    }
}
