package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;

/** Gives service account tokens bound to a pod, and a new one in time before the last expires. Safe for any thread. */
public interface TokenSource {

    /** The token for an audience (empty: the API server's own). */
    String token(Pod pod, String audience, long expirationSeconds);
}
