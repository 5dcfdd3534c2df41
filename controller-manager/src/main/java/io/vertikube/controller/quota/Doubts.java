package io.vertikube.controller.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Quantities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Usage that seems to have gone down may have been charged for an object that is not stored yet: admission charges first.
 * It is believed when nothing has changed a moment later. Safe for any thread, one of them for each quota.
 */
final class Doubts {

    /** Many times what lies between a charge and its object. */
    static final Duration MOMENT = Duration.ofMillis(500);

    private record Doubt(String revision, Map<String, String> counted, Instant since) {}

    private final Map<ObjectKey, Doubt> doubts = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Doubts(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * How long what was counted is to be doubted; empty if it is to be written now.
     *
     * @param revision of the quota
     * @param said what the quota's status says is used
     */
    Optional<Duration> of(ObjectKey quota, String revision, JsonNode said, Map<String, String> counted) {
        if (!isLower(said, counted)) {
            doubts.remove(quota);
            return Optional.empty();
        }
        Instant now = clock.instant();
        Doubt before = doubts.get(quota);
        if (before == null || !before.revision.equals(revision) || !before.counted.equals(counted)) {
            doubts.put(quota, new Doubt(revision, Map.copyOf(counted), now));
            return Optional.of(MOMENT);
        }
        Duration left = MOMENT.minus(Duration.between(before.since, now));
        if (left.isPositive()) {
            return Optional.of(left);
        }
        doubts.remove(quota);
        return Optional.empty();
    }

    void forget(ObjectKey quota) {
        doubts.remove(quota);
    }

    private static boolean isLower(JsonNode said, Map<String, String> counted) {
        return counted.entrySet().stream().anyMatch(entry -> {
            String before = said.path(entry.getKey()).asText("");
            return Quantities.isQuantity(before)
                    && Quantities.parse(entry.getValue()).compareTo(Quantities.parse(before)) < 0;
        });
    }
}
