package io.vertikube.apiserver.resource;

import io.vertikube.object.Gvk;
import java.util.Map;

/**
 * Refusals of invalid objects name a kind in the group it first belonged to: ingresses and network policies began in
 * {@code extensions}, events in the core, and clients have seen them named so ever since. Pure.
 */
final class FirstGroups {

    private static final Map<String, String> MOVED = Map.of(
            "Ingress.networking.k8s.io", "extensions",
            "NetworkPolicy.networking.k8s.io", "extensions",
            "Event.events.k8s.io", "");

    private FirstGroups() {}

    static Gvk of(Gvk kind) {
        String group = MOVED.getOrDefault(kind.kind() + "." + kind.group(), kind.group());
        return group.equals(kind.group()) ? kind : new Gvk(group, kind.version(), kind.kind());
    }
}
