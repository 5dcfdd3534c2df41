package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.NodePolicies;
import io.vertikube.kubelet.cgroup.NodeShares;
import io.vertikube.kubelet.eviction.Signal;
import io.vertikube.kubelet.eviction.Threshold;
import io.vertikube.value.Quantities;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is left of a machine for pods: its capacity without what is reserved, what hard eviction thresholds keep free and, of
 * its memory, what is set aside for large pages
 * ("Reserve Compute Resources for System Daemons" in the documentation). Pure functions.
 */
public final class Allocatable {

    private Allocatable() {}

    public static Map<String, Quantity> of(
            Map<String, Quantity> capacity, Machine.Resources machine, NodePolicies policies) {
        Map<String, Quantity> result = new LinkedHashMap<>(capacity);
        long cpu =
                policies.reserved("cpu").stream().mapToLong(Quantities::milli).sum();
        if (cpu > 0) {
            long left = Math.max(0, machine.cpus() * 1000L - cpu);
            result.put("cpu", new Quantity(left + "m"));
        }
        withhold(result, "memory", machine.memoryBytes(), machine.inLargePages(), policies, Signal.MEMORY_AVAILABLE);
        withhold(result, "ephemeral-storage", machine.diskBytes(), 0, policies, Signal.NODEFS_AVAILABLE);
        return result;
    }

    /** How the machine is shared out: all pods have what is not reserved, whatever thresholds say. */
    public static NodeShares shares(Machine.Resources machine, NodePolicies policies) {
        List<Map<String, String>> reserved = policies.reservations();
        long cpu =
                policies.reserved("cpu").stream().mapToLong(Quantities::milli).sum();
        long memory = policies.reserved("memory").stream()
                .mapToLong(Quantities::value)
                .sum();
        long pids =
                policies.reserved("pid").stream().mapToLong(Quantities::value).sum();
        return new NodeShares(
                new NodeShares.Share(
                        Math.max(0, machine.cpus() * 1000L - cpu),
                        Math.max(0, machine.memoryBytes() - memory),
                        pids > 0 ? Math.max(0, machine.maxPids() - pids) : 0),
                share(reserved.isEmpty() ? Map.of() : reserved.getFirst()),
                share(reserved.size() < 2 ? Map.of() : reserved.get(1)));
    }

    private static NodeShares.Share share(Map<String, String> reserved) {
        return new NodeShares.Share(
                Quantities.milli(reserved.getOrDefault("cpu", "0")),
                Quantities.value(reserved.getOrDefault("memory", "0")),
                Quantities.value(reserved.getOrDefault("pid", "0")));
    }

    private static void withhold(
            Map<String, Quantity> result,
            String resource,
            long capacity,
            long setAside,
            NodePolicies policies,
            Signal signal) {
        long kept = policies.eviction().thresholds().stream()
                .filter(threshold -> threshold.isHard() && threshold.signal() == signal)
                .map(Threshold::value)
                .mapToLong(value -> value.of(capacity))
                .max()
                .orElse(0);
        long reserved = policies.reserved(resource).stream()
                .mapToLong(Quantities::value)
                .sum();
        long taken = kept + reserved + setAside;
        if (taken > 0) {
            result.put(resource, new Quantity(Math.max(0, capacity - taken) / 1024 + "Ki"));
        }
    }
}
