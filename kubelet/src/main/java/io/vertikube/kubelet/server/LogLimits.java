package io.vertikube.kubelet.server;

import io.vertikube.value.Quantities;

/**
 * How large containers' logs get. Immutable.
 *
 * @param maxBytes from this size on a file is moved aside; below zero for any size
 * @param maxFiles how many files a container has, the one that is written to among them
 */
public record LogLimits(long maxBytes, int maxFiles) {

    /** What Kubernetes does unless told otherwise. */
    public static final LogLimits DEFAULT = new LogLimits(10L << 20, 5);

    public LogLimits {
        if (maxFiles < 2) {
            throw new IllegalArgumentException("--container-log-max-files: " + maxFiles
                    + " must be greater than 1: one is written to, one is aside");
        }
    }

    /** {@code maxSize} is a quantity of bytes. */
    public static LogLimits of(String maxSize, int maxFiles) {
        if (!Quantities.isQuantity(maxSize)) {
            throw new IllegalArgumentException("--container-log-max-size: \"" + maxSize + "\" is no quantity of bytes");
        }
        return new LogLimits(Quantities.parse(maxSize).longValue(), maxFiles);
    }
}
