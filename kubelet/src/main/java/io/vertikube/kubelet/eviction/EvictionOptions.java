package io.vertikube.kubelet.eviction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When and how pods are evicted. Immutable.
 *
 * @param maxPodGrace longest grace of a pod that goes for a soft threshold; zero: its own
 * @param pressureTransition how long a condition of the node stays after its threshold was last met
 * @param period how often the machine is looked at
 */
public record EvictionOptions(
        List<Threshold> thresholds, Duration maxPodGrace, Duration pressureTransition, Duration period) {

    /** What Kubernetes evicts for unless told otherwise. */
    public static final Map<String, String> DEFAULT_HARD = Map.of(
            "memory.available", "100Mi",
            "nodefs.available", "10%",
            "nodefs.inodesFree", "5%",
            "imagefs.available", "15%",
            "imagefs.inodesFree", "5%");

    public static final EvictionOptions NONE =
            new EvictionOptions(List.of(), Duration.ZERO, Duration.ofMinutes(5), Duration.ofSeconds(10));

    public EvictionOptions {
        thresholds = List.copyOf(thresholds);
    }

    /**
     * Thresholds out of flags; an {@link IllegalArgumentException} names the flag that cannot be.
     *
     * @param hard signal to amount
     * @param soft signal to amount, each with a grace
     */
    public static List<Threshold> thresholds(
            Map<String, String> hard,
            Map<String, String> soft,
            Map<String, Duration> softGrace,
            Map<String, String> minimumReclaim) {
        Map<String, Amount> reclaim = new TreeMap<>();
        minimumReclaim.forEach((signal, amount) -> {
            named("--eviction-minimum-reclaim", signal, () -> Signal.parse(signal));
            reclaim.put(signal, named("--eviction-minimum-reclaim", signal, () -> Amount.parse(amount)));
        });
        List<Threshold> result = new ArrayList<>();
        new TreeMap<>(hard)
                .forEach((signal, amount) -> result.add(named(
                        "--eviction-hard",
                        signal,
                        () -> new Threshold(
                                Signal.parse(signal),
                                Amount.parse(amount),
                                Duration.ZERO,
                                reclaim.getOrDefault(signal, Amount.NOTHING)))));
        new TreeMap<>(soft)
                .forEach((signal, amount) -> result.add(named("--eviction-soft", signal, () -> {
                    Duration grace = softGrace.get(signal);
                    if (grace == null || !grace.isPositive()) {
                        throw new IllegalArgumentException("needs its time in --eviction-soft-grace-period");
                    }
                    return new Threshold(
                            Signal.parse(signal),
                            Amount.parse(amount),
                            grace,
                            reclaim.getOrDefault(signal, Amount.NOTHING));
                })));
        // An amount of nothing switches a threshold off.
        result.removeIf(each -> each.value().equals(Amount.NOTHING));
        return result;
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T named(String flag, String signal, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(flag + ": " + signal + ": " + e.getMessage(), e);
        }
    }
}
