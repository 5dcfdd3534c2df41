package io.vertikube.kubelet.runtime;

/** A path of the machine inside a container. Immutable. */
public record Mount(
        String containerPath, String hostPath, boolean readOnly, boolean recursiveReadOnly, Propagation propagation) {

    /** Which later mounts are seen across. */
    public enum Propagation {
        PRIVATE,
        HOST_TO_CONTAINER,
        BIDIRECTIONAL
    }

    public static Mount of(String containerPath, String hostPath, boolean readOnly) {
        return new Mount(containerPath, hostPath, readOnly, false, Propagation.PRIVATE);
    }
}
