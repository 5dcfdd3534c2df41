package io.vertikube.kubelet.runtime;

/**
 * A device of the machine inside a container. Immutable.
 *
 * @param permissions some of {@code r}, {@code w} and {@code m} (make nodes of it)
 */
public record Device(String containerPath, String hostPath, String permissions) {}
