package io.vertikube.kubelet.server;

/** An answer that is no success, as plain text. */
final class HttpProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    HttpProblem(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
