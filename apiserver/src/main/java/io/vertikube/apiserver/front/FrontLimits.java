package io.vertikube.apiserver.front;

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
 */
public record FrontLimits(
        int bodyBytes,
        long discardBytes,
        int headerBytes,
        int lineBytes,
        int gzipFromBytes,
        int warnings,
        int streamsPerConnection) {

    public static final FrontLimits DEFAULT =
            new FrontLimits(3 * 1024 * 1024, 64L << 20, 256 * 1024, 128 * 1024, 128 * 1024, 100, 250);
}
