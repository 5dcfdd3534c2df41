package io.vertikube.kubelet.stats;

import java.time.Instant;
import java.util.Optional;

/**
 * What a volume of a pod has and holds, in bytes and inodes, -1 for what is not known. Immutable.
 *
 * @param claim name of the claim behind it, in the pod's namespace
 * @param local whether it lies on the node's own disk and counts as the pod's use of it
 * @param problem what is wrong with it, as far as its driver tells
 */
public record VolumeFigures(
        String name,
        Optional<String> claim,
        boolean local,
        Instant at,
        Amount bytes,
        Amount inodes,
        Optional<String> problem) {

    /** Immutable. */
    public record Amount(long capacity, long used, long available) {}
}
