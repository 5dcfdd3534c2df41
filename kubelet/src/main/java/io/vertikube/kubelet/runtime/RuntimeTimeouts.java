package io.vertikube.kubelet.runtime;

import java.time.Duration;

/**
 * How long a node waits for its runtime. Immutable.
 *
 * @param request for an answer that needs no registry and no container; making a sandbox or a container, which may wait for the
 *     network or for files, has twice that
 * @param idleStream after which a session that carries nothing either way is ended; zero for never
 */
public record RuntimeTimeouts(Duration request, Duration idleStream) {

    /** What a node does unless told otherwise. */
    public static final RuntimeTimeouts DEFAULT = new RuntimeTimeouts(Duration.ofMinutes(2), Duration.ofHours(4));

    public RuntimeTimeouts {
        if (!request.isPositive()) {
            throw new IllegalArgumentException(
                    "--runtime-request-timeout: " + request.toSeconds() + "s must be greater than 0");
        }
    }
}
