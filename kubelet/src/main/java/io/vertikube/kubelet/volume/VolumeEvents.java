package io.vertikube.kubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;

/** Where what happens to volumes is told. Safe for any thread. */
@FunctionalInterface
public interface VolumeEvents {

    /** @param type Normal or Warning */
    void record(Pod pod, String type, String reason, String message);
}
