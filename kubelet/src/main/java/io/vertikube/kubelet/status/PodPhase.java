package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod's phase from its containers ("Pod phase" in the documentation). Pure functions. */
final class PodPhase {

    private PodPhase() {}

    static String of(Pod pod, String restartPolicy, List<ContainerStatus> init, List<ContainerStatus> app) {
        Map<String, ContainerStatus> byName =
                init.stream().collect(Collectors.toMap(ContainerStatus::getName, Function.identity()));
        List<ContainerSpec> specs = ContainerSpec.of(pod);
        boolean initPending = false;
        for (ContainerSpec spec : specs) {
            ContainerStatus status = byName.get(spec.name());
            if (spec.kind() == ContainerSpec.Kind.INIT && status != null) {
                var ended = status.getState().getTerminated();
                if (ended != null
                        && ended.getExitCode() != 0
                        && !spec.restartsAfter(restartPolicy, ended.getExitCode())) {
                    return "Failed";
                }
                initPending |= ended == null || ended.getExitCode() != 0;
            } else if (spec.kind() == ContainerSpec.Kind.SIDECAR && status != null) {
                initPending |= !Boolean.TRUE.equals(status.getStarted())
                        && app.stream().allMatch(PodPhase::neverStarted);
            }
        }
        if (initPending && app.stream().allMatch(PodPhase::neverStarted)) {
            return "Pending";
        }
        return ofApps(specs, restartPolicy, app);
    }

    private static String ofApps(List<ContainerSpec> specs, String restartPolicy, List<ContainerStatus> app) {
        boolean goesOn = false;
        boolean failed = false;
        for (ContainerStatus status : app) {
            if (neverStarted(status)) {
                return "Pending";
            }
            ContainerStateTerminated ended = end(status);
            goesOn |= ended == null || restarts(specs, status.getName(), restartPolicy, ended.getExitCode());
            failed |= ended != null && ended.getExitCode() != 0;
        }
        if (goesOn) {
            return "Running";
        }
        return failed ? "Failed" : "Succeeded";
    }

    /** How a container that does not run has ended; null for one that runs. */
    private static @Nullable ContainerStateTerminated end(ContainerStatus status) {
        if (status.getState().getRunning() != null) {
            return null;
        }
        return status.getState().getTerminated() == null
                ? status.getLastState().getTerminated()
                : status.getState().getTerminated();
    }

    private static boolean restarts(List<ContainerSpec> specs, String container, String restartPolicy, int exitCode) {
        return specs.stream()
                .anyMatch(spec -> spec.name().equals(container) && spec.restartsAfter(restartPolicy, exitCode));
    }

    /** Waiting, and never yet ended. */
    private static boolean neverStarted(ContainerStatus status) {
        return status.getState().getWaiting() != null
                && (status.getLastState() == null || status.getLastState().getTerminated() == null);
    }
}
