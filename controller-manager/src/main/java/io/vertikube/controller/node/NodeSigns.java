package io.vertikube.controller.node;

import java.time.Duration;
import java.time.Instant;

/**
 * The signs of life last seen of a node, and when a new one was seen by our own clock. Time in which nobody looked does not
 * count as silence: a controller that stood still, or whose clock was put forward, must not blame the nodes. Immutable.
 *
 * @param heartbeat the Ready condition's heartbeat as it was written, empty if none
 * @param renewal the lease's renewal as it was written, empty if none
 * @param seenAt when a sign was seen to change, later by the time in which nobody looked
 * @param lookedAt when we looked last
 */
record NodeSigns(String heartbeat, String renewal, Instant seenAt, Instant lookedAt) {

    /** The first look. */
    static NodeSigns first(String heartbeat, String renewal, Instant now) {
        return new NodeSigns(heartbeat, renewal, now, now);
    }

    /**
     * The signs after another look: the time moves if one of them did.
     *
     * @param absence a pause between two looks that is longer means that we were away
     */
    NodeSigns next(String newHeartbeat, String newRenewal, Instant now, Duration absence) {
        if (!heartbeat.equals(newHeartbeat) || !renewal.equals(newRenewal)) {
            return first(newHeartbeat, newRenewal, now);
        }
        Duration away = Duration.between(lookedAt, now);
        return new NodeSigns(heartbeat, renewal, away.compareTo(absence) > 0 ? seenAt.plus(away) : seenAt, now);
    }
}
