package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.time.Duration;

/**
 * Simulated containers answer on no network: a container that runs is well, and nothing is sent. Their addresses are
 * nobody's here, and a request to one would leave the machine. Immutable.
 */
public final class SimulatedCalls implements PodCalls {

    @Override
    public ProbeResult http(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        return ProbeResult.ok();
    }

    @Override
    public ProbeResult tcp(TCPSocketAction action, ProbeTarget target, Duration timeout) {
        return ProbeResult.ok();
    }

    @Override
    public ProbeResult grpc(GRPCAction action, ProbeTarget target, Duration timeout) {
        return ProbeResult.ok();
    }

    @Override
    public void close() {}
}
