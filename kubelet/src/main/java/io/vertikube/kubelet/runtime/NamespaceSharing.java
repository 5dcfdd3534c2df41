package io.vertikube.kubelet.runtime;

import java.util.Optional;

/**
 * Which namespaces a pod or container shares with the machine or within the pod. Immutable.
 *
 * @param users ids of the machine that the pod's users are; empty: they are the machine's
 */
public record NamespaceSharing(
        boolean hostNetwork, boolean hostIpc, Pid pid, String pidTarget, Optional<IdRange> users) {

    /** Whose processes are seen. */
    public enum Pid {
        POD,
        CONTAINER,
        NODE,
        TARGET
    }
}
