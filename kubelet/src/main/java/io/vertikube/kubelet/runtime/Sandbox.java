package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.Map;

/** A sandbox in a list. Immutable. */
public record Sandbox(
        String id, PodIdentity pod, int attempt, boolean ready, Instant createdAt, Map<String, String> labels) {

    public Sandbox {
        labels = Map.copyOf(labels);
    }
}
