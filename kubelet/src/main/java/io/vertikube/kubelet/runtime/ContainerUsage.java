package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.Map;

/** What a container uses: CPU since its start in core-nanoseconds, memory and disk in bytes. Immutable. */
public record ContainerUsage(
        String containerId,
        String name,
        Map<String, String> labels,
        Instant at,
        long cpuCoreNanoseconds,
        long workingSetBytes,
        long writableLayerBytes,
        long writableLayerInodes) {

    public ContainerUsage {
        labels = Map.copyOf(labels);
    }
}
