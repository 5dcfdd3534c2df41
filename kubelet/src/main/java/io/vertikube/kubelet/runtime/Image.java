package io.vertikube.kubelet.runtime;

import java.util.List;
import java.util.OptionalLong;

/** An image on this machine, with the user it runs as unless told otherwise. Immutable. */
public record Image(
        String id,
        List<String> tags,
        List<String> digests,
        long sizeBytes,
        OptionalLong uid,
        String username,
        boolean pinned) {

    public Image {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }
}
