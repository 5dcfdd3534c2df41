package io.vertikube.kubelet.runtime;

import java.util.List;

/** Whether pods can be run, with the runtime's own words if not, and what its handlers can do. Immutable. */
public record RuntimeStatus(
        boolean runtimeReady, boolean networkReady, String reason, String message, List<Handler> handlers) {

    /** A handler of the runtime, empty for the default one. Immutable. */
    public record Handler(String name, boolean recursiveReadOnlyMounts, boolean userNamespaces) {}

    public RuntimeStatus {
        handlers = List.copyOf(handlers);
    }

    public boolean ready() {
        return runtimeReady && networkReady;
    }

    /** Whether a handler mounts read-only what is mounted below a mount too; one that does not say does not. */
    public boolean mountsReadOnlyRecursively(String handler) {
        return handlers.stream().anyMatch(each -> each.name().equals(handler) && each.recursiveReadOnlyMounts());
    }

    /** Whether a handler gives pods user namespaces of their own; one that does not say does not. */
    public boolean mapsUsers(String handler) {
        return handlers.stream().anyMatch(each -> each.name().equals(handler) && each.userNamespaces());
    }
}
