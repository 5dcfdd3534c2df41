package io.vertikube.kubelet.probe;

/** What one try found. Immutable. */
record ProbeResult(boolean success, String output) {

    static ProbeResult ok() {
        return new ProbeResult(true, "");
    }

    static ProbeResult failure(String output) {
        return new ProbeResult(false, output);
    }
}
