package io.vertikube.kubelet.env;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a pod's own volumes, from which containers may have variables. */
@FunctionalInterface
public interface VolumeFiles {

    /**
     * What a file says; empty if there is none.
     *
     * @param path below the volume
     * @throws ConfigProblem if the volume is not the pod's own, or the file cannot be read
     */
    Optional<String> read(String volume, String path);

    /** The same, but each file is read once. Confined. */
    default VolumeFiles readOnce() {
        Map<List<String>, Optional<String>> texts = new HashMap<>();
        return (volume, path) -> texts.computeIfAbsent(List.of(volume, path), file -> read(volume, path));
    }
}
