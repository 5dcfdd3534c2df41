package io.vertikube.kubelet.manifests;

/** A manifest that gives no pod; the message says what is wrong with it. Immutable. */
public final class ManifestProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ManifestProblem(String message) {
        super(message);
    }
}
