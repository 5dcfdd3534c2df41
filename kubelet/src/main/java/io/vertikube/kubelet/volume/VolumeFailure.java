package io.vertikube.kubelet.volume;

/** A volume cannot be had now; the message says why and the pod waits. */
public final class VolumeFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private enum Kind {
        PLAIN,
        SENTENCE,
        WAITING
    }

    private final Kind kind;

    public VolumeFailure(String message) {
        super(message);
        this.kind = Kind.PLAIN;
    }

    public VolumeFailure(String message, Throwable cause) {
        this(message, cause, Kind.PLAIN);
    }

    private VolumeFailure(String message, Throwable cause, Kind kind) {
        super(message, cause);
        this.kind = kind;
    }

    /** One whose message says already which step failed for which volume. */
    static VolumeFailure sentence(String message, Throwable cause) {
        return new VolumeFailure(message, cause, Kind.SENTENCE);
    }

    /** One that others are at work to end: nothing is wrong yet. The message is a whole sentence. */
    static VolumeFailure waiting(String message) {
        return new VolumeFailure(message, new IllegalStateException(message), Kind.WAITING);
    }

    /** Whether it is usual and should pass soon. */
    public boolean isWaiting() {
        return kind == Kind.WAITING;
    }

    boolean isSentence() {
        return kind != Kind.PLAIN;
    }
}
