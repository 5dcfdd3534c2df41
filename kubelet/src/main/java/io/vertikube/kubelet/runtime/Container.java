package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.Map;

/** A container in a list. Immutable. */
public record Container(
        String id,
        String sandboxId,
        String name,
        int attempt,
        ContainerState state,
        Instant createdAt,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public Container {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
