package io.vertikube.apiserver.flow;

import java.time.Duration;

/**
 * What flow control divides and how long it lets wait. Immutable.
 *
 * @param seats requests at once, over all levels that are not exempt
 * @param longestWait of a request in a queue
 * @param adjusting how often seats that are not used are lent to others
 */
public record FlowLimits(int seats, Duration longestWait, Duration adjusting) {

    public static FlowLimits of(int seats) {
        return new FlowLimits(seats, Duration.ofSeconds(15), Duration.ofSeconds(10));
    }
}
