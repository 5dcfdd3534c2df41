package io.vertikube.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a kubelet does of its own accord for its machine. Immutable.
 *
 * @param staticPodPath folder or file of static pods
 * @param fileCheckFrequency how often manifests are read though the kernel tells of no change
 */
public record NodePolicies(Optional<Path> staticPodPath, Duration fileCheckFrequency) {

    /** Nothing. */
    public static final NodePolicies NONE = new NodePolicies(Optional.empty(), Duration.ofSeconds(20));
}
