package io.vertikube.kubelet.volume;

/** A volume cannot be had now; the message says why and the pod waits. */
public final class VolumeFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public VolumeFailure(String message) {
        super(message);
    }

    public VolumeFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
