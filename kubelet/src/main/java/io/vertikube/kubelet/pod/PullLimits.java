package io.vertikube.kubelet.pod;

/**
 * How many images a node pulls. Immutable.
 *
 * @param atOnce most at a time
 * @param perSecond most that begin in a second in the long run, 0 for no limit; what is above it waits
 * @param burst how many may begin at once after a quiet time
 */
public record PullLimits(int atOnce, int perSecond, int burst) {

    /** What a node does unless told otherwise. */
    public static final PullLimits DEFAULT = new PullLimits(5, 5, 10);

    public PullLimits {
        if (atOnce < 1) {
            throw new IllegalArgumentException("--max-parallel-image-pulls: " + atOnce + " must be a positive number");
        }
        if (perSecond < 0) {
            throw new IllegalArgumentException("--registry-qps: " + perSecond + " must not be a negative number");
        }
        if (burst < 0) {
            throw new IllegalArgumentException("--registry-burst: " + burst + " must not be a negative number");
        }
    }
}
