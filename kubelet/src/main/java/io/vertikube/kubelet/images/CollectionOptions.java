package io.vertikube.kubelet.images;

import java.time.Duration;

/**
 * When images and dead containers go. Immutable.
 *
 * @param highPercent of the images' disk in use: from here on images go; 100 for never
 * @param lowPercent until here
 * @param minimumAge youngest image that goes
 * @param maximumAge how long an image may be unused whatever the disk has; zero for ever
 * @param deadPerContainer how many ended containers are kept beside the newest of each
 * @param deadInAll how many ended containers the machine keeps in all; below zero for any number
 * @param minimumDeadAge how long a container is kept in any case after it was made
 */
public record CollectionOptions(
        int highPercent,
        int lowPercent,
        Duration minimumAge,
        Duration maximumAge,
        int deadPerContainer,
        int deadInAll,
        Duration minimumDeadAge) {

    /** What Kubernetes does unless told otherwise. */
    public static final CollectionOptions DEFAULT =
            new CollectionOptions(85, 80, Duration.ofMinutes(2), Duration.ZERO, 1, -1, Duration.ZERO);

    public CollectionOptions {
        if (lowPercent < 0 || highPercent > 100 || lowPercent > highPercent) {
            throw new IllegalArgumentException("--image-gc-low-threshold " + lowPercent
                    + " and --image-gc-high-threshold " + highPercent
                    + " must be percentages, the low one not above the high one");
        }
        if (maximumAge.isPositive() && maximumAge.compareTo(minimumAge) < 0) {
            throw new IllegalArgumentException("imageMaximumGCAge " + maximumAge + " is below the minimum age "
                    + minimumAge + " that every image has");
        }
    }
}
