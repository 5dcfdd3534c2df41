package io.vertikube.kubelet.runtime;

/** Which streams a session carries; with a terminal there is no separate stderr. Immutable. */
public record StreamOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty) {

    /** As the runtime wants them: stderr off with a terminal. */
    public StreamOptions normalised() {
        return tty && stderr ? new StreamOptions(stdin, stdout, false, true) : this;
    }
}
