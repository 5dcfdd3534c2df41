package io.vertikube.kubelet.cgroup;

import java.util.OptionalLong;

/**
 * What containers' requests and limits become on this machine. Immutable.
 *
 * @param quotas whether a limit of the processor is a quota of its time
 * @param periodMicros what a quota is of
 * @param killTogether whether all processes of a container are killed when its memory runs out
 * @param swapBytes what the pods that may swap share; empty where the kernel cannot limit it, 0 if none may
 */
public record LimitPolicy(boolean quotas, long periodMicros, boolean killTogether, OptionalLong swapBytes) {

    /** Nothing but what every kernel does. */
    public static final LimitPolicy DEFAULT = new LimitPolicy(true, PodResources.PERIOD, false, OptionalLong.empty());
}
