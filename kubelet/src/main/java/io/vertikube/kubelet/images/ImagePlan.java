package io.vertikube.kubelet.images;

import io.vertikube.kubelet.runtime.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which images go: longest unused first, until enough is free. Pure functions. */
public final class ImagePlan {

    /**
     * One image of the machine. Immutable.
     *
     * @param firstSeen since when it is known to be here
     * @param lastUsed when a container of it was last seen, or {@code firstSeen}
     * @param kept whether it is in use, pinned, or what sandboxes are made of
     */
    public record Known(Image image, Instant firstSeen, Instant lastUsed, boolean kept) {}

    private ImagePlan() {}

    /** How many bytes have to go; 0 while the disk is not used up to the high threshold. */
    public static long bytesToFree(CollectionOptions options, long available, long capacity) {
        if (capacity <= 0 || options.highPercent() >= 100) {
            return 0;
        }
        long usedPercent = 100 - available * 100 / capacity;
        return usedPercent < options.highPercent()
                ? 0
                : Math.max(0, capacity * (100 - options.lowPercent()) / 100 - available);
    }

    /** The images to remove, in order, that free as many bytes, or all that may go if they do not. */
    public static List<Image> toFree(CollectionOptions options, List<Known> images, long bytes, Instant now) {
        List<Image> result = new ArrayList<>();
        long freed = 0;
        for (Known known : candidates(options, images, now)) {
            if (freed >= bytes) {
                break;
            }
            result.add(known.image());
            freed += known.image().sizeBytes();
        }
        return result;
    }

    /** The images that have been unused for longer than any may be. */
    public static List<Image> tooOld(CollectionOptions options, List<Known> images, Instant now) {
        if (!options.maximumAge().isPositive()) {
            return List.of();
        }
        return candidates(options, images, now).stream()
                .filter(known -> Duration.between(known.lastUsed(), now).compareTo(options.maximumAge()) > 0)
                .map(Known::image)
                .toList();
    }

    private static List<Known> candidates(CollectionOptions options, List<Known> images, Instant now) {
        return images.stream()
                .filter(known -> !known.kept())
                .filter(known -> Duration.between(known.firstSeen(), now).compareTo(options.minimumAge()) >= 0)
                .sorted(Comparator.comparing(Known::lastUsed).thenComparing(Known::firstSeen))
                .toList();
    }
}
