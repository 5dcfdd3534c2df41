package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.value.Quantities;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of resources. Immutable.
 *
 * @param milliCpu thousandths of a CPU
 * @param memory bytes
 * @param storage bytes of ephemeral storage
 * @param others by resource name, whole units
 */
public record Resources(long milliCpu, long memory, long storage, Map<String, Long> others) {

    public static final Resources NONE = new Resources(0, 0, 0, Map.of());

    public Resources {
        others = Map.copyOf(others);
    }

    /** From a map of quantities; {@code pods} is no amount of a pod and left out. */
    public static Resources of(@Nullable Map<String, Quantity> quantities) {
        if (quantities == null || quantities.isEmpty()) {
            return NONE;
        }
        long cpu = 0;
        long memory = 0;
        long storage = 0;
        var others = new HashMap<String, Long>();
        for (var entry : quantities.entrySet()) {
            String text = entry.getValue().toString();
            switch (entry.getKey()) {
                case "cpu" -> cpu = Quantities.milli(text);
                case "memory" -> memory = Quantities.value(text);
                case "ephemeral-storage" -> storage = Quantities.value(text);
                case "pods" -> {}
                default -> others.put(entry.getKey(), Quantities.value(text));
            }
        }
        return new Resources(cpu, memory, storage, others);
    }

    public Resources plus(Resources other) {
        return combine(other, Long::sum);
    }

    public Resources minus(Resources other) {
        return combine(other, (a, b) -> a - b);
    }

    /** The larger of each. */
    public Resources max(Resources other) {
        return combine(other, Math::max);
    }

    private Resources combine(Resources other, LongBinaryOperator operator) {
        Map<String, Long> both = others;
        if (!other.others.isEmpty()) {
            var merged = new HashMap<>(others);
            other.others.forEach(
                    (name, amount) -> merged.put(name, operator.applyAsLong(others.getOrDefault(name, 0L), amount)));
            both = merged;
        }
        return new Resources(
                operator.applyAsLong(milliCpu, other.milliCpu),
                operator.applyAsLong(memory, other.memory),
                operator.applyAsLong(storage, other.storage),
                both);
    }
}
