package io.vertikube.kubelet.devices;

import io.grpc.StatusRuntimeException;

/** Devices cannot be had, or a plugin cannot be taken; the message is for people. Immutable. */
public final class DeviceFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeviceFailure(String message) {
        super(message);
    }

    DeviceFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** As Kubernetes words what a plugin's call ended in. */
    static DeviceFailure of(String call, StatusRuntimeException e) {
        // What gRPC says of a socket where nobody answers goes on for a page.
        String said = e.getStatus().getDescription();
        return new DeviceFailure(
                "device plugin " + call + " rpc failed with err: rpc error: code = "
                        + e.getStatus().getCode() + " desc = "
                        + (said == null ? "" : said.lines().findFirst().orElse("")),
                e);
    }
}
