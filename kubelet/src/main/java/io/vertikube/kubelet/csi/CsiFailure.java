package io.vertikube.kubelet.csi;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A driver is not there, or refused; the message is what a person should read. */
public final class CsiFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CsiFailure(String message) {
        super(message);
    }

    CsiFailure(String message, Throwable cause) {
        super(message, cause);
    }

    static CsiFailure of(StatusRuntimeException e) {
        Status status = e.getStatus();
        String text = status.getDescription();
        if (text == null) {
            text = String.valueOf(status.getCause());
        }
        return new CsiFailure("rpc error: code = " + name(status.getCode()) + " desc = " + text, e);
    }

    /** Codes as the drivers' own logs write them: {@code DEADLINE_EXCEEDED} is {@code DeadlineExceeded}. */
    private static String name(Status.Code code) {
        if (code == Status.Code.CANCELLED) {
            return "Canceled";
        }
        var result = new StringBuilder();
        for (String word : code.name().split("_", -1)) {
            result.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return result.toString();
    }
}
