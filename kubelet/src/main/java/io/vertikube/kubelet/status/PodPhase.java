package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.ContainerSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A pod's phase from its containers ("Pod phase" in the documentation). Pure functions. */
final class PodPhase {

    private PodPhase() {}

    static String of(Pod pod, String restartPolicy, List<ContainerStatus> init, List<ContainerStatus> app) {
        Map<String, ContainerStatus> byName =
                init.stream().collect(Collectors.toMap(ContainerStatus::getName, Function.identity()));
        boolean initPending = false;
        for (ContainerSpec spec : ContainerSpec.of(pod)) {
            ContainerStatus status = byName.get(spec.name());
            if (spec.kind() == ContainerSpec.Kind.INIT && status != null) {
                var ended = status.getState().getTerminated();
                if (ended != null && ended.getExitCode() != 0 && restartPolicy.equals("Never")) {
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
        return ofApps(restartPolicy, app);
    }

    private static String ofApps(String restartPolicy, List<ContainerStatus> app) {
        int running = 0;
        int stopped = 0;
        int succeeded = 0;
        for (ContainerStatus status : app) {
            if (status.getState().getRunning() != null) {
                running++;
            } else if (status.getState().getTerminated() != null) {
                stopped++;
                succeeded += status.getState().getTerminated().getExitCode() == 0 ? 1 : 0;
            } else if (neverStarted(status)) {
                return "Pending";
            } else {
                stopped++;
            }
        }
        if (running > 0 || restartPolicy.equals("Always")) {
            return "Running";
        }
        if (stopped == succeeded) {
            return "Succeeded";
        }
        return restartPolicy.equals("Never") ? "Failed" : "Running";
    }

    /** Waiting, and never yet ended. */
    private static boolean neverStarted(ContainerStatus status) {
        return status.getState().getWaiting() != null
                && (status.getLastState() == null || status.getLastState().getTerminated() == null);
    }
}
