package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What probes and lifecycle hooks ask of a pod over its network. Blocks; safe for any virtual thread. */
public interface PodCalls extends AutoCloseable {

    /** Below 400 is success. */
    ProbeResult http(HTTPGetAction action, ProbeTarget target, Duration timeout);

    /** A connection that is taken is success. */
    ProbeResult tcp(TCPSocketAction action, ProbeTarget target, Duration timeout);

    /** A health service that says SERVING is success. */
    ProbeResult grpc(GRPCAction action, ProbeTarget target, Duration timeout);

    /** For lifecycle hooks: null when it went well, else the sentence. */
    default @Nullable String hook(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        ProbeResult result = http(action, target, timeout);
        return result.success() ? null : result.output();
    }

    @Override
    void close();
}
