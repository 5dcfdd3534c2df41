package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends all containers of a pod: its own ones together, then its sidecars, last started first. Confined to the pod's
 * worker, which waits; each container has a virtual thread.
 */
final class PodEnding {

    private static final Logger LOG = LoggerFactory.getLogger(PodEnding.class);

    private final PodTools tools;
    private final PodState state;

    PodEnding(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
    }

    void stopContainers(Pod pod, RuntimePod seen, Duration grace) throws InterruptedException {
        var killer = new ContainerKiller(tools);
        var began = tools.clock().instant();
        String ip = PodState.podIps(tools, seen).stream().findFirst().orElse("127.0.0.1");
        List<Thread> killers = new ArrayList<>();
        List<ContainerSpec> specs = ContainerSpec.of(pod);
        for (ContainerSpec spec : specs) {
            Optional<ContainerStatus> running = running(seen, spec);
            if (spec.kind() != ContainerSpec.Kind.SIDECAR && running.isPresent()) {
                killers.add(Thread.ofVirtual()
                        .name("kill-" + spec.name())
                        .start(() -> kill(killer, pod, spec, running.get(), grace, ip)));
            }
        }
        for (Thread each : killers) {
            each.join();
        }
        for (ContainerSpec spec : specs.reversed()) {
            Optional<ContainerStatus> running = running(seen, spec);
            if (spec.kind() == ContainerSpec.Kind.SIDECAR && running.isPresent()) {
                Duration left =
                        grace.minus(Duration.between(began, tools.clock().instant()));
                kill(killer, pod, spec, running.get(), left.isNegative() ? Duration.ZERO : left, ip);
            }
        }
        stopUnknown(seen, specs);
    }

    /** Containers that the spec does not name any more, or whose pod nobody knows. */
    void stopUnknown(RuntimePod seen, List<ContainerSpec> specs) {
        for (ContainerStatus container : seen.running()) {
            if (specs.stream().noneMatch(spec -> spec.name().equals(container.name()))) {
                tools.runtime().stopContainer(container.id(), Duration.ofSeconds(2));
            }
        }
    }

    private static Optional<ContainerStatus> running(RuntimePod seen, ContainerSpec spec) {
        return seen.latest(spec.name()).filter(ContainerStatus::running);
    }

    private void kill(
            ContainerKiller killer, Pod pod, ContainerSpec spec, ContainerStatus running, Duration grace, String ip) {
        try {
            killer.kill(pod, spec, running, "Stopping container " + spec.name(), grace, ip);
        } catch (RuntimeFailure e) {
            LOG.warn("{}: container {} does not stop: {}", state.identity, spec.name(), e.getMessage());
            tools.events()
                    .warning(
                            pod,
                            spec,
                            "FailedKillPod",
                            "error killing pod: failed to \"KillContainer\" for \"" + spec.name() + "\": "
                                    + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
