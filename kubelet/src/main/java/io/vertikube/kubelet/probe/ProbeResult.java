package io.vertikube.kubelet.probe;

/** What one try found; a warning is a success that a person should hear of. Immutable. */
record ProbeResult(boolean success, boolean warning, String output) {

    static ProbeResult ok() {
        return new ProbeResult(true, false, "");
    }

    static ProbeResult warning(String output) {
        return new ProbeResult(true, true, output);
    }

    static ProbeResult failure(String output) {
        return new ProbeResult(false, false, output);
    }
}
