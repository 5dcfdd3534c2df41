package io.vertikube.kubelet.eviction;

import java.time.Duration;

/**
 * When the node is short of something. Immutable.
 *
 * @param grace how long it may last; zero for a hard threshold
 * @param minimumReclaim how much more than the threshold must be free before it counts as over
 */
public record Threshold(Signal signal, Amount value, Duration grace, Amount minimumReclaim) {

    public boolean isHard() {
        return grace.isZero();
    }
}
