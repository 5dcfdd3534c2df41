package io.vertikube.kubelet.runtime.cri;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeFailure.Kind;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns gRPC statuses into {@link RuntimeFailure}s. Pure functions. */
final class CriCall {

    private CriCall() {}

    static <T> T call(Supplier<T> rpc) {
        try {
            return rpc.get();
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** As {@link #call}, but what is not there is empty. */
    static <T> Optional<T> find(Supplier<T> rpc) {
        try {
            return Optional.of(call(rpc));
        } catch (RuntimeFailure e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** As {@link #call}, but what is not there is fine. */
    static void callUnlessGone(Supplier<?> rpc) {
        find(rpc);
    }

    private static RuntimeFailure failure(StatusRuntimeException e) {
        Status status = e.getStatus();
        String text = status.getDescription();
        if (text == null) {
            text = status.getCause() == null ? status.getCode().name() : String.valueOf(status.getCause());
        }
        return new RuntimeFailure(kind(status, text), text, e);
    }

    private static Kind kind(Status status, String text) {
        return switch (status.getCode()) {
            case NOT_FOUND -> Kind.NOT_FOUND;
            case UNAVAILABLE -> Kind.UNAVAILABLE;
            case DEADLINE_EXCEEDED, CANCELLED -> Kind.TIMEOUT;
            case UNIMPLEMENTED -> Kind.UNSUPPORTED;
            // Some runtimes wrap "not found" and time-outs of commands in UNKNOWN.
            default ->
                text.contains("does not exist") && !text.contains("image")
                        ? Kind.NOT_FOUND
                        : text.contains("deadline exceeded") || text.contains("timeout") ? Kind.TIMEOUT : Kind.OTHER;
        };
    }
}
