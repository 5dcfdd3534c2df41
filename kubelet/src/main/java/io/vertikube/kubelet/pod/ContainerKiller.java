package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.probe.ProbeTarget;
import io.vertikube.kubelet.runtime.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ends one container: preStop hook, then the stop signal, then the kill, all within the grace ("Termination of Pods" in
 * the documentation). Blocks; safe for any virtual thread.
 */
final class ContainerKiller {

    /** What a container has at least after its preStop hook used all of the grace. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final PodTools tools;
    private final LifecycleHooks hooks;

    ContainerKiller(PodTools tools) {
        this.tools = tools;
        this.hooks = new LifecycleHooks(tools.runtime(), tools.calls());
    }

    void kill(Pod pod, ContainerSpec spec, ContainerStatus running, String message, Duration grace, String podIp)
            throws InterruptedException {
        tools.events().normal(pod, spec, "Killing", message);
        Instant began = tools.clock().instant();
        var lifecycle = spec.container().getLifecycle();
        if (lifecycle != null && lifecycle.getPreStop() != null && grace.isPositive()) {
            Optional<String> failure =
                    hooks.run(lifecycle.getPreStop(), new ProbeTarget(running.id(), spec.container(), podIp), grace);
            failure.ifPresent(why -> tools.events().warning(pod, spec, "FailedPreStopHook", "PreStopHook failed"));
        }
        Duration left = grace.minus(Duration.between(began, tools.clock().instant()));
        if (grace.isPositive() && left.compareTo(LEAST) < 0 && left.compareTo(grace) < 0) {
            left = grace.compareTo(LEAST) < 0 ? grace : LEAST;
        }
        tools.runtime().stopContainer(running.id(), left.isNegative() ? Duration.ZERO : left);
    }
}
