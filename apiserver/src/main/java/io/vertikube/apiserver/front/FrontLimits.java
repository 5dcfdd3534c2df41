package io.vertikube.apiserver.front;

import java.time.Duration;

/**
 * What HTTP may cost. Immutable.
 *
 * @param bodyBytes the largest body that is read
 * @param discardBytes how much of a larger body is thrown away before the connection is closed
 * @param headerBytes all headers of a request
 * @param lineBytes the request line; {@code exec} carries commands in it
 * @param gzipFromBytes bodies from this size on are packed for clients that take it
 * @param warnings Warning headers of one response
 * @param streamsPerConnection concurrent requests over one HTTP/2 connection
 * @param request how long a request may take that is not meant to last, body and answer included
 * @param firstRequest how long a new connection may take until its first request has come
 * @param idleConnection how long a connection is kept that asks for nothing
 */
public record FrontLimits(
        int bodyBytes,
        long discardBytes,
        int headerBytes,
        int lineBytes,
        int gzipFromBytes,
        int warnings,
        int streamsPerConnection,
        Duration request,
        Duration firstRequest,
        Duration idleConnection) {

    public static final FrontLimits DEFAULT = new FrontLimits(
            3 * 1024 * 1024,
            64L << 20,
            256 * 1024,
            128 * 1024,
            128 * 1024,
            100,
            250,
            Duration.ofSeconds(60),
            Duration.ofSeconds(32),
            Duration.ofSeconds(90));

    public FrontLimits withPatience(Duration otherRequest, Duration otherFirst, Duration otherIdle) {
        return new FrontLimits(
                bodyBytes,
                discardBytes,
                headerBytes,
                lineBytes,
                gzipFromBytes,
                warnings,
                streamsPerConnection,
                otherRequest,
                otherFirst,
                otherIdle);
    }
}
