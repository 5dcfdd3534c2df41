package io.vertikube.control;

/**
 * How many Events a component writes. Immutable.
 *
 * @param perSecond most a second in the long run, 0 for no limit
 * @param burst how many may come at once after a quiet time
 */
public record EventRate(int perSecond, int burst) {

    /** A kubelet's, if nobody says otherwise. */
    public static final EventRate DEFAULT = new EventRate(50, 100);

    public static final EventRate UNLIMITED = new EventRate(0, 0);

    public EventRate {
        if (perSecond < 0) {
            throw new IllegalArgumentException("--event-qps: " + perSecond + " must not be a negative number");
        }
        if (burst < 0) {
            throw new IllegalArgumentException("--event-burst: " + burst + " must not be a negative number");
        }
    }
}
