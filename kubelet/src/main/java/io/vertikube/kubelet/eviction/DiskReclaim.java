package io.vertikube.kubelet.eviction;

/** Gives back disk that no running pod needs, before any has to go. Blocks. */
public interface DiskReclaim {
    void reclaim();
}
