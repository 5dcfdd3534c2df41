package io.vertikube.kubelet.runtime;

import java.util.List;
import java.util.function.Predicate;

/**
 * Whether pods can be run, with the runtime's own words if not, and what it and its handlers can do. Immutable.
 *
 * @param strictGroups whether a pod can be kept from the groups of its image ({@code supplementalGroupsPolicy: Strict})
 */
public record RuntimeStatus(
        boolean runtimeReady,
        boolean networkReady,
        String reason,
        String message,
        List<Handler> handlers,
        boolean strictGroups) {

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
        return can(handler, Handler::recursiveReadOnlyMounts);
    }

    /** Whether a handler gives pods user namespaces of their own; one that does not say does not. */
    public boolean mapsUsers(String handler) {
        return can(handler, Handler::userNamespaces);
    }

    private boolean can(String handler, Predicate<Handler> what) {
        return handlers.stream().anyMatch(each -> each.name().equals(handler) && what.test(each));
    }
}
