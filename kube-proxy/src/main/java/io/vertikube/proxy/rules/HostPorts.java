package io.vertikube.proxy.rules;

import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.Set;

/** Ports of the node that belong to a pod on it; a pod that ends yields to one that has taken its place. */
final class HostPorts {

    private static final Set<String> ANY = Set.of("", "0.0.0.0", "::");

    private HostPorts() {}

    static void addTo(TableBuilder table, Collection<NodePod> pods) {
        var ordered = new ArrayList<>(pods);
        ordered.removeIf(pod -> pod.hostPorts().isEmpty() || pod.address().isEmpty());
        ordered.sort(Comparator.comparing(NodePod::isEnding).thenComparing(ObjectKey::of));
        ordered.forEach(pod -> add(table, pod));
    }

    private static void add(TableBuilder table, NodePod pod) {
        String address = pod.address();
        for (NodePod.Port port : pod.hostPorts()) {
            String key = Backends.protocol(port.protocol()) + " . " + port.hostPort();
            String hostIp = Objects.requireNonNullElse(port.hostIP(), "");
            String target = address + " . " + port.containerPort();
            if (ANY.contains(hostIp)) {
                table.add("hostports", key, target);
            } else if (hostIp.indexOf(':') < 0) {
                table.add("hostports_at", hostIp + " . " + key, target);
            }
            table.add("hairpin", address + " . " + address, "");
        }
    }
}
