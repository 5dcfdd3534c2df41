package io.vertikube.kubelet.runtime;

import java.util.Optional;

/**
 * A path of the machine, or the files of an image, inside a container. Immutable.
 *
 * @param hostPath empty for an image
 * @param relabel whether its files get the SELinux label of the container
 */
public record Mount(
        String containerPath,
        String hostPath,
        boolean readOnly,
        boolean recursiveReadOnly,
        boolean relabel,
        Propagation propagation,
        Optional<Files> image) {

    /** Which later mounts are seen across. */
    public enum Propagation {
        PRIVATE,
        HOST_TO_CONTAINER,
        BIDIRECTIONAL
    }

    /**
     * The files of an image that the runtime has (KEP-4639). Immutable.
     *
     * @param reference as the runtime names it
     * @param asked as the pod names it
     * @param subPath what of it is mounted; empty: all
     */
    public record Files(String reference, String asked, String subPath) {}

    public static Mount of(String containerPath, String hostPath, boolean readOnly) {
        return new Mount(containerPath, hostPath, readOnly, false, false, Propagation.PRIVATE, Optional.empty());
    }

    /** A file of the kubelet's own for a container, with the container's SELinux label if files have any. */
    public static Mount own(String containerPath, String hostPath, boolean labelled) {
        return new Mount(containerPath, hostPath, false, false, labelled, Propagation.PRIVATE, Optional.empty());
    }

    /** An image's files, which nobody writes to. */
    public static Mount of(String containerPath, Files image) {
        return new Mount(containerPath, "", true, false, false, Propagation.PRIVATE, Optional.of(image));
    }
}
