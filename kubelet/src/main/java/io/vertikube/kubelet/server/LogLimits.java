package io.vertikube.kubelet.server;

import io.vertikube.value.Quantities;
import java.time.Duration;

/**
 * How large containers' logs get. Immutable.
 *
 * @param maxBytes from this size on a file is moved aside; below zero for any size
 * @param maxFiles how many files a container has, the one that is written to among them
 * @param look how often all are looked at
 */
public record LogLimits(long maxBytes, int maxFiles, Duration look) {

    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /** What Kubernetes does unless told otherwise. */
    public static final LogLimits DEFAULT = new LogLimits(10L << 20, 5, Duration.ofSeconds(10));

    public LogLimits {
        if (maxFiles < 2) {
            throw new IllegalArgumentException("--container-log-max-files: " + maxFiles
                    + " must be greater than 1: one is written to, one is aside");
        }
    }

    /** {@code maxSize} is a quantity of bytes. */
    public static LogLimits of(String maxSize, int maxFiles, Duration look) {
        if (look.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("--container-log-monitor-interval: must be a positive duration of "
                    + SHORTEST.toSeconds() + "s or more");
        }
        if (!Quantities.isQuantity(maxSize)) {
            throw new IllegalArgumentException("--container-log-max-size: \"" + maxSize + "\" is no quantity of bytes");
        }
        return new LogLimits(Quantities.parse(maxSize).longValue(), maxFiles, look);
    }
}
