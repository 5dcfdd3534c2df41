package io.vertikube.proxy.rules;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Ports of the node that belong to a pod on it; a pod that ends yields to one that has taken its place. */
final class HostPorts {

    private static final Set<String> ANY = Set.of("", "0.0.0.0", "::");

    private HostPorts() {}

    static void addTo(TableBuilder table, Collection<Pod> pods) {
        var ordered = new ArrayList<>(pods);
        ordered.sort(Comparator.<Pod, Boolean>comparing(p -> p.getMetadata().getDeletionTimestamp() != null)
                .thenComparing(ObjectKey::of));
        for (Pod pod : ordered) {
            if (holdsPorts(pod)) {
                add(table, pod);
            }
        }
    }

    private static boolean holdsPorts(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getPodIP() != null
                && pod.getStatus().getPodIP().indexOf(':') < 0
                && !Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
                && !"Succeeded".equals(pod.getStatus().getPhase())
                && !"Failed".equals(pod.getStatus().getPhase());
    }

    private static void add(TableBuilder table, Pod pod) {
        String address = pod.getStatus().getPodIP();
        for (ContainerPort port : ports(pod)) {
            if (port.getHostPort() == null || port.getHostPort() == 0) {
                continue;
            }
            String key = Backends.protocol(port.getProtocol()) + " . " + port.getHostPort();
            String hostIp = port.getHostIP() == null ? "" : port.getHostIP();
            String target = address + " . " + port.getContainerPort();
            if (ANY.contains(hostIp)) {
                table.add("hostports", key, target);
            } else if (hostIp.indexOf(':') < 0) {
                table.add("hostports_at", hostIp + " . " + key, target);
            }
            table.add("hairpin", address + " . " + address, "");
        }
    }

    private static List<ContainerPort> ports(Pod pod) {
        var ports = new ArrayList<ContainerPort>();
        pod.getSpec().getContainers().forEach(c -> ports.addAll(c.getPorts()));
        pod.getSpec().getInitContainers().stream().filter(HostPorts::staysUp).forEach(c -> ports.addAll(c.getPorts()));
        return ports;
    }

    private static boolean staysUp(Container init) {
        return "Always".equals(init.getRestartPolicy());
    }
}
