package io.vertikube.kubelet.runtime;

/** A call that the runtime refused or did not answer; the message is the runtime's own sentence. */
public final class RuntimeFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a caller can tell apart. */
    public enum Kind {
        NOT_FOUND,
        UNAVAILABLE,
        TIMEOUT,
        UNSUPPORTED,
        OTHER
    }

    private final Kind kind;

    public RuntimeFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RuntimeFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
