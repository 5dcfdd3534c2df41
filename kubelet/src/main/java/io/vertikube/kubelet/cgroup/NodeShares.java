package io.vertikube.kubelet.cgroup;

import io.vertikube.kubelet.runtime.LinuxResources;

/** How a machine is shared out between its pods, its system and its kubelet. Immutable. */
public record NodeShares(Share pods, Share system, Share kube) {

    /** CPU in thousandths, memory in bytes, processes; 0 for what is not limited. Immutable. */
    public record Share(long cpu, long memory, long pids) {

        LinuxResources asLimits() {
            return new LinuxResources(0, 0, PodResources.shares(cpu), memory, 0);
        }
    }
}
