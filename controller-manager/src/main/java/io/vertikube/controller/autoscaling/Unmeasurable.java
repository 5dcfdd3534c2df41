package io.vertikube.controller.autoscaling;

/** A metric does not tell how many pods are needed; the message says why. */
final class Unmeasurable extends Exception {
    private static final long serialVersionUID = 1;

    Unmeasurable(String message) {
        super(message);
    }

    /** The same said of something larger. */
    Unmeasurable in(String what) {
        return new Unmeasurable(what + ": " + getMessage());
    }
}
