package io.vertikube.controller.node;

import java.time.Instant;

/**
 * The signs of life last seen of a node, and when a new one was seen by our own clock. Immutable.
 *
 * @param heartbeat the Ready condition's heartbeat as it was written, empty if none
 * @param renewal the lease's renewal as it was written, empty if none
 */
record NodeSigns(String heartbeat, String renewal, Instant seenAt) {

    /** The signs after another look: the time moves only if one of them did. */
    NodeSigns next(String newHeartbeat, String newRenewal, Instant now) {
        return heartbeat.equals(newHeartbeat) && renewal.equals(newRenewal)
                ? this
                : new NodeSigns(newHeartbeat, newRenewal, now);
    }
}
