package io.vertikube.kubelet.runtime;

/** Which namespaces a pod or container shares with the machine or within the pod. Immutable. */
public record NamespaceSharing(boolean hostNetwork, boolean hostIpc, Pid pid, String pidTarget) {

    /** Whose processes are seen. */
    public enum Pid {
        POD,
        CONTAINER,
        NODE,
        TARGET
    }
}
