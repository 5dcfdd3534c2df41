package io.vertikube.kubelet.runtime;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A container in a list. Immutable.
 *
 * @param images what it was made from, by every name the runtime tells
 */
public record Container(
        String id,
        String sandboxId,
        String name,
        int attempt,
        ContainerState state,
        Instant createdAt,
        Map<String, String> labels,
        Map<String, String> annotations,
        Set<String> images) {

    public Container {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        images = Set.copyOf(images);
    }
}
