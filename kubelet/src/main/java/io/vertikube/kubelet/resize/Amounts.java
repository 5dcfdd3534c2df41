package io.vertikube.kubelet.resize;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.value.Quantities;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a resize can change of a container, as numbers that compare: CPU in thousandths, memory in bytes. Immutable. */
public record Amounts(long cpuRequest, long cpuLimit, long memoryRequest, long memoryLimit) {

    public static Amounts of(@Nullable ResourceRequirements resources) {
        if (resources == null) {
            return new Amounts(0, 0, 0, 0);
        }
        return new Amounts(
                milli(resources.getRequests()),
                milli(resources.getLimits()),
                bytes(resources.getRequests()),
                bytes(resources.getLimits()));
    }

    public boolean sameCpu(Amounts other) {
        return cpuRequest == other.cpuRequest && cpuLimit == other.cpuLimit;
    }

    public boolean sameMemory(Amounts other) {
        return memoryRequest == other.memoryRequest && memoryLimit == other.memoryLimit;
    }

    private static long milli(@Nullable Map<String, Quantity> amounts) {
        Quantity quantity = amounts == null ? null : amounts.get("cpu");
        return quantity == null ? 0 : Quantities.milli(quantity.toString());
    }

    private static long bytes(@Nullable Map<String, Quantity> amounts) {
        Quantity quantity = amounts == null ? null : amounts.get("memory");
        return quantity == null ? 0 : Quantities.value(quantity.toString());
    }
}
