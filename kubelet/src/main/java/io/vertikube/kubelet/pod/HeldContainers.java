package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.status.Waiting;
import java.time.Duration;

/**
 * Tells of containers that their back-off holds: they wait in CrashLoopBackOff; those that run wait for nothing. Confined
 * to the pod's worker.
 */
final class HeldContainers {

    private static final String REASON = "CrashLoopBackOff";

    private final PodTools tools;
    private final PodState state;

    HeldContainers(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
    }

    void note(Pod pod, RuntimePod seen, PodPlan plan) {
        for (ContainerSpec spec : ContainerSpec.of(pod)) {
            Duration delay = plan.held().get(spec.name());
            boolean running =
                    seen.latest(spec.name()).map(status -> status.running()).orElse(false);
            if (delay != null) {
                hold(pod, spec, delay);
            } else if (running) {
                state.waiting.remove(spec.name());
            }
        }
    }

    private void hold(Pod pod, ContainerSpec spec, Duration delay) {
        String name = pod.getMetadata().getName() + "_" + pod.getMetadata().getNamespace() + "("
                + pod.getMetadata().getUid() + ")";
        Waiting before = state.waiting.put(
                spec.name(),
                new Waiting(
                        REASON,
                        "back-off " + text(delay) + " restarting failed container=" + spec.name() + " pod=" + name));
        if (before == null || !before.reason().equals(REASON)) {
            tools.events()
                    .warning(
                            pod,
                            spec,
                            "BackOff",
                            "Back-off restarting failed container " + spec.name() + " in pod " + name);
        }
    }

    private static String text(Duration delay) {
        return delay.toMinutes() > 0 ? delay.toMinutes() + "m" + delay.toSecondsPart() + "s" : delay.toSeconds() + "s";
    }
}
