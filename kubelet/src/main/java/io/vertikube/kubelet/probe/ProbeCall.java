package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Asks once, in the way a probe says ("Configure Liveness, Readiness and Startup Probes" in the documentation). Blocks;
 * safe for any virtual thread.
 */
final class ProbeCall {

    private final ContainerRuntime runtime;
    private final HttpCall http;

    ProbeCall(ContainerRuntime runtime, HttpCall http) {
        this.runtime = runtime;
        this.http = http;
    }

    ProbeResult run(Probe probe, ProbeTarget target) {
        Duration timeout =
                Duration.ofSeconds(probe.getTimeoutSeconds() == null ? 1 : Math.max(1, probe.getTimeoutSeconds()));
        try {
            if (probe.getExec() != null) {
                return exec(probe, target, timeout);
            }
            if (probe.getHttpGet() != null) {
                return http(probe.getHttpGet(), target, timeout);
            }
            if (probe.getTcpSocket() != null) {
                return tcp(probe.getTcpSocket(), target, timeout);
            }
            if (probe.getGrpc() != null) {
                return grpc(probe.getGrpc(), target, timeout);
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
            return new ProbeResult(result.exitCode() == 0, result.output());
        } catch (RuntimeFailure e) {
            return ProbeResult.failure(
                    e.kind() == RuntimeFailure.Kind.TIMEOUT
                            ? "command timed out after " + timeout.toSeconds() + "s"
                            : String.valueOf(e.getMessage()));
        }
    }

    private ProbeResult http(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        return http.get(action, target, timeout);
    }

    private static ProbeResult tcp(TCPSocketAction action, ProbeTarget target, Duration timeout) {
        String host = action.getHost() == null || action.getHost().isEmpty() ? target.podIp() : action.getHost();
        int port = target.port(action.getPort());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return ProbeResult.ok();
        } catch (IOException e) {
            return ProbeResult.failure("dial tcp " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private static ProbeResult grpc(GRPCAction action, ProbeTarget target, Duration timeout) {
        String service = action.getService() == null ? "" : action.getService();
        return GrpcHealth.check(target.podIp(), action.getPort(), service, timeout);
    }
}
