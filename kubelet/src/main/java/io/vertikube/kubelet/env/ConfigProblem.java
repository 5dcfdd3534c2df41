package io.vertikube.kubelet.env;

/** A container cannot be made from what its spec refers to; the message says what is missing. */
public final class ConfigProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigProblem(String message) {
        super(message);
    }
}
