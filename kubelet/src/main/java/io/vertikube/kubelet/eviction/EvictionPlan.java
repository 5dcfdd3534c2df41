package io.vertikube.kubelet.eviction;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one look at the machine means: which conditions the node has, and whether something has to be done now. A pure
 * function of the signals, the thresholds, what the last look left and the time. Immutable.
 *
 * @param memory what the next look needs to know
 * @param pressures the node's conditions
 * @param due the threshold to act on first, if there is one
 */
public record EvictionPlan(Memory memory, Set<Signal.Pressure> pressures, Optional<Threshold> due) {

    /**
     * Carried from look to look. Immutable.
     *
     * @param since thresholds that are met, and since when
     * @param lastUnder when each condition was last the case
     */
    public record Memory(Map<Threshold, Instant> since, Map<Signal.Pressure, Instant> lastUnder) {

        public static final Memory EMPTY = new Memory(Map.of(), Map.of());

        public Memory {
            since = Map.copyOf(since);
            lastUnder = Map.copyOf(lastUnder);
        }
    }

    public EvictionPlan {
        pressures = Set.copyOf(pressures);
    }

    public static EvictionPlan of(EvictionOptions options, Memory before, Map<Signal, Observation> seen, Instant now) {
        Map<Threshold, Instant> since = new HashMap<>();
        for (Threshold threshold : options.thresholds()) {
            Observation observation = seen.get(threshold.signal());
            if (observation != null
                    && isMet(threshold, observation, before.since().containsKey(threshold))) {
                since.put(threshold, before.since().getOrDefault(threshold, now));
            }
        }
        Map<Signal.Pressure, Instant> under = new EnumMap<>(Signal.Pressure.class);
        under.putAll(before.lastUnder());
        since.keySet().forEach(met -> under.put(met.signal().pressure(), now));
        Set<Signal.Pressure> pressures = EnumSet.noneOf(Signal.Pressure.class);
        under.forEach((pressure, last) -> {
            if (last.equals(now) || Duration.between(last, now).compareTo(options.pressureTransition()) < 0) {
                pressures.add(pressure);
            }
        });
        Optional<Threshold> due = since.entrySet().stream()
                .filter(met -> !met.getValue().plus(met.getKey().grace()).isAfter(now))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing(Threshold::signal)
                        .thenComparing(Comparator.comparing(Threshold::isHard).reversed()));
        return new EvictionPlan(new Memory(since, under), pressures, due);
    }

    /** Once met, a threshold is over when as much more is free as is to be reclaimed. */
    private static boolean isMet(Threshold threshold, Observation seen, boolean already) {
        long limit = threshold.value().of(seen.capacity());
        if (already) {
            limit += threshold.minimumReclaim().of(seen.capacity());
        }
        return seen.available() < limit;
    }
}
