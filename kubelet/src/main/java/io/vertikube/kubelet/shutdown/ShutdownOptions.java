package io.vertikube.kubelet.shutdown;

import java.time.Duration;

/**
 * How long pods have when the machine goes down. Immutable.
 *
 * @param grace for all pods together; zero: pods are left to the machine
 * @param criticalGrace the part of it that is kept for critical pods, which end last
 * @param everyStop whether every stop of the kubelet counts as the machine's, rather than only while the system says that
 *     it goes down
 */
public record ShutdownOptions(Duration grace, Duration criticalGrace, boolean everyStop) {

    public static final ShutdownOptions NONE = new ShutdownOptions(Duration.ZERO, Duration.ZERO, false);

    public ShutdownOptions {
        if (criticalGrace.compareTo(grace) > 0) {
            throw new IllegalArgumentException("--shutdown-grace-period-critical-pods " + criticalGrace
                    + " is a part of --shutdown-grace-period and cannot be more than its " + grace);
        }
    }
}
