package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/** Gives service account tokens bound to a pod, and a new one in time before the last expires. Safe for any thread. */
@FunctionalInterface
public interface TokenSource {

    /** A token and when it ends. Immutable. */
    record Issued(String token, Instant expires) {}

    /** The token for an audience (empty: the API server's own). */
    Issued issue(Pod pod, String audience, long expirationSeconds);
}
