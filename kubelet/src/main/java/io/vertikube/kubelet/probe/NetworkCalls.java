package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Asks over the machine's network. Blocks; safe for any virtual thread. */
public final class NetworkCalls implements PodCalls {

    private final HttpCall http;

    public NetworkCalls(Vertx vertx) {
        this.http = new HttpCall(vertx);
    }

    @Override
    public ProbeResult http(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        return http.get(action, target, timeout);
    }

    @Override
    public ProbeResult tcp(TCPSocketAction action, ProbeTarget target, Duration timeout) {
        String host = action.getHost() == null || action.getHost().isEmpty() ? target.podIp() : action.getHost();
        int port = target.port(action.getPort());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return ProbeResult.ok();
        } catch (IOException e) {
            return ProbeResult.failure(ConnectionProblem.dialing(host, port, e));
        }
    }

    @Override
    public ProbeResult grpc(GRPCAction action, ProbeTarget target, Duration timeout) {
        String service = action.getService() == null ? "" : action.getService();
        return GrpcHealth.check(target.podIp(), action.getPort(), service, timeout);
    }

    @Override
    public void close() {
        http.close();
    }
}
