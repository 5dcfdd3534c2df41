package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.List;

/** A sandbox in detail; no addresses when it shares the machine's network. Immutable. */
public record SandboxStatus(
        String id,
        PodIdentity pod,
        int attempt,
        boolean ready,
        Instant createdAt,
        boolean hostNetwork,
        List<String> ips) {

    public SandboxStatus {
        ips = List.copyOf(ips);
    }
}
