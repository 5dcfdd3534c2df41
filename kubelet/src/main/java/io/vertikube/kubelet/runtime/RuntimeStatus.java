package io.vertikube.kubelet.runtime;

/** Whether pods can be run, with the runtime's own words if not. Immutable. */
public record RuntimeStatus(boolean runtimeReady, boolean networkReady, String reason, String message) {

    public boolean ready() {
        return runtimeReady && networkReady;
    }
}
