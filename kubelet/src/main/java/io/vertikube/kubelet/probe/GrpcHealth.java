package io.vertikube.kubelet.probe;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.vertikube.kubelet.health.v1.HealthCheckRequest;
import io.vertikube.kubelet.health.v1.HealthCheckResponse.ServingStatus;
import io.vertikube.kubelet.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a gRPC server how it is, on a connection of its own, without TLS. Pure function of the network. */
final class GrpcHealth {

    private GrpcHealth() {}

    static ProbeResult check(String host, int port, String service, Duration timeout) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
        try {
            ServingStatus status = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus();
            return status == ServingStatus.SERVING
                    ? ProbeResult.ok()
                    : ProbeResult.failure("service unhealthy (responded with \"" + status.name() + "\")");
        } catch (StatusRuntimeException e) {
            return ProbeResult.failure("error: health rpc probe failed: " + e.getStatus());
        } finally {
            channel.shutdownNow();
        }
    }
}
