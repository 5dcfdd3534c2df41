package io.vertikube.kubelet.node;

import java.util.Optional;

/**
 * What a kubelet does with its Node. Immutable.
 *
 * @param register whether it makes the Node if it is not there
 * @param shownImages most images that the Node lists, -1 for all
 * @param podsPerCore most pods for each processor, 0 for no such limit
 * @param providerId what a cloud knows the machine by
 */
public record NodeOptions(boolean register, int shownImages, int podsPerCore, Optional<String> providerId) {

    public static final NodeOptions DEFAULT = new NodeOptions(true, 50, 0, Optional.empty());

    public NodeOptions {
        if (shownImages < -1) {
            throw new IllegalArgumentException("--node-status-max-images: " + shownImages + " must be -1 or greater");
        }
        if (podsPerCore < 0) {
            throw new IllegalArgumentException("--pods-per-core: " + podsPerCore + " must not be a negative number");
        }
    }

    /** How many pods a node takes. */
    int pods(int maxPods, int cpus) {
        return podsPerCore == 0 ? maxPods : (int) Math.min(maxPods, (long) podsPerCore * cpus);
    }
}
