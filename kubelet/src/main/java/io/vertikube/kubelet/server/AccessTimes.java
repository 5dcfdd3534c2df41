package io.vertikube.kubelet.server;

import java.time.Duration;

/**
 * How long what the API said of callers is believed. Immutable.
 *
 * @param token that a token is somebody's
 * @param allowed that somebody may do something
 * @param denied that somebody may not
 */
public record AccessTimes(Duration token, Duration allowed, Duration denied) {

    /** What Kubernetes does unless told otherwise. */
    public static final AccessTimes DEFAULT =
            new AccessTimes(Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofSeconds(30));
}
