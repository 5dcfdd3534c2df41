package io.vertikube.kubelet.volume;

import java.nio.file.Path;

/** The node's own file system, as far as pods may name paths in it. */
@FunctionalInterface
public interface HostPaths {

    /** A node that is only simulated has no files: every path is there and nothing is made. */
    HostPaths SIMULATED = (path, type) -> Path.of(path);

    /** The machine that the kubelet runs on. */
    static HostPaths ofMachine() {
        return new MachinePaths();
    }

    /**
     * The path once it is what the type says; the types that create make it so.
     *
     * @param type as in the API reference, HostPathVolumeSource; empty for no check
     * @throws VolumeFailure if it is something else
     */
    Path checked(String path, String type);
}
