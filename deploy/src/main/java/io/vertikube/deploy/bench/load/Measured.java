package io.vertikube.deploy.bench.load;

/**
 * What one measurement came to. Immutable.
 *
 * @param count answered requests, or delivered events
 * @param bytes of bodies
 * @param failures requests that were refused or broke
 * @param firstFailure the status or words of the first of them, or empty
 * @param serverMicros CPU time of the server in it, -1 if unknown
 * @param ownMicros CPU time of the load generator in it
 */
public record Measured(
        String name,
        long count,
        long bytes,
        double seconds,
        Latencies latencies,
        long failures,
        String firstFailure,
        long serverMicros,
        long ownMicros) {

    public double rate() {
        return count / seconds;
    }

    public double megabytesPerSecond() {
        return bytes / 1e6 / seconds;
    }

    public double serverMicrosEach() {
        return serverMicros < 0 ? -1 : (double) serverMicros / Math.max(1, count);
    }

    public double ownMicrosEach() {
        return (double) ownMicros / Math.max(1, count);
    }
}
