package io.vertikube.kubelet.runtime;

/** Where a container stands. */
public enum ContainerState {
    CREATED,
    RUNNING,
    EXITED,
    UNKNOWN
}
