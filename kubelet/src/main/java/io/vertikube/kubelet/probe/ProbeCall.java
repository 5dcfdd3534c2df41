package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.Probe;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.time.Duration;

/**
 * Asks once, in the way a probe says ("Configure Liveness, Readiness and Startup Probes" in the documentation). Blocks;
 * safe for any virtual thread.
 */
final class ProbeCall {

    private final ContainerRuntime runtime;
    private final PodCalls calls;

    ProbeCall(ContainerRuntime runtime, PodCalls calls) {
        this.runtime = runtime;
        this.calls = calls;
    }

    ProbeResult run(Probe probe, ProbeTarget target) {
        Duration timeout =
                Duration.ofSeconds(probe.getTimeoutSeconds() == null ? 1 : Math.max(1, probe.getTimeoutSeconds()));
        try {
            if (probe.getExec() != null) {
                return exec(probe, target, timeout);
            }
            if (probe.getHttpGet() != null) {
                return calls.http(probe.getHttpGet(), target, timeout);
            }
            if (probe.getTcpSocket() != null) {
                return calls.tcp(probe.getTcpSocket(), target, timeout);
            }
            if (probe.getGrpc() != null) {
                return calls.grpc(probe.getGrpc(), target, timeout);
            }
        } catch (IllegalArgumentException e) {
            return ProbeResult.failure(String.valueOf(e.getMessage()));
        }
        return ProbeResult.failure("missing probe handler");
    }

    private ProbeResult exec(Probe probe, ProbeTarget target, Duration timeout) {
        try {
            ExecResult result =
                    runtime.exec(target.containerId(), probe.getExec().getCommand(), timeout);
            return result.exitCode() == 0 ? ProbeResult.ok() : ProbeResult.failure(result.output());
        } catch (RuntimeFailure e) {
            return ProbeResult.failure(
                    e.kind() == RuntimeFailure.Kind.TIMEOUT
                            ? "command timed out after " + timeout.toSeconds() + "s"
                            : String.valueOf(e.getMessage()));
        }
    }
}
