package io.vertikube.control;

import java.time.Duration;
import java.time.Instant;

/**
 * Lets so many through at once after a quiet time, and in the long run so many a second. Not safe for threads: whoever shares
 * one guards it.
 */
public final class TokenBucket {

    private final double most;
    private final double perMilli;
    private double tokens;
    private Instant at;

    /**
     * Makes a full one.
     *
     * @param most how many at once
     * @param perSecond how many come again in a second
     */
    public TokenBucket(double most, double perSecond, Instant now) {
        this.most = most;
        this.perMilli = perSecond / 1000;
        this.tokens = most;
        this.at = now;
    }

    /** Takes one, if there is one now. */
    public boolean take(Instant now) {
        tokens = Math.min(most, tokens + Duration.between(at, now).toNanos() / 1e6 * perMilli);
        at = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
