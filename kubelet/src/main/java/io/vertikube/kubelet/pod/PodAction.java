package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerStatus;
import java.util.OptionalLong;

/** One thing to do for a pod. Immutable. */
public sealed interface PodAction {

    /** Ends a sandbox with everything in it. */
    record StopSandbox(String sandboxId) implements PodAction {}

    record CreateSandbox(int attempt) implements PodAction {}

    /** Pulls, makes and starts a container; {@code attempt} counts its starts from 0. */
    record StartContainer(ContainerSpec spec, int attempt, String sandboxId) implements PodAction {}

    /** Has a running container have what it was granted by now. */
    record ResizeContainer(ContainerSpec spec, ContainerStatus running) implements PodAction {}

    /** Ends one container with grace; the message goes into the Killing event. */
    record KillContainer(ContainerSpec spec, ContainerStatus running, String message, OptionalLong graceSeconds)
            implements PodAction {}

    /** Forgets a container that has ended and whose logs are not kept any longer. */
    record RemoveContainer(String containerId) implements PodAction {}

    /** Forgets a sandbox that an older attempt left. */
    record RemoveSandbox(String sandboxId) implements PodAction {}
}
