package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.kubelet.cgroup.PodTotal;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pod takes of its node: requests as KEP-753 adds them up, and ports of the node. Immutable.
 *
 * @param amounts by resource, CPU in thousandths, all else in whole units; {@code pods} is one
 */
record PodDemand(Map<String, Long> amounts, Set<HostPort> ports) {

    static final String PODS = "pods";

    /** A port of the node; the address is empty for all of them. Immutable. */
    record HostPort(String address, String protocol, int port) {

        boolean conflicts(HostPort other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (address.isEmpty() || other.address.isEmpty() || address.equals(other.address));
        }
    }

    PodDemand {
        amounts = Map.copyOf(amounts);
        ports = Set.copyOf(ports);
    }

    static PodDemand of(PodSpec spec) {
        Set<HostPort> ports = new HashSet<>();
        PodContainers.longRunning(spec).forEach(container -> ports(container, ports));
        Map<String, Long> amounts = PodTotal.of(spec, resources -> amounts(resources.getRequests()));
        PodTotal.add(amounts, amounts(spec.getOverhead()));
        amounts.put(PODS, 1L);
        return new PodDemand(amounts, ports);
    }

    static Map<String, Long> amounts(@Nullable Map<String, Quantity> quantities) {
        Map<String, Long> result = new HashMap<>();
        if (quantities != null) {
            quantities.forEach((name, quantity) -> result.put(
                    name,
                    name.equals("cpu")
                            ? Quantities.milli(quantity.toString())
                            : Quantities.value(quantity.toString())));
        }
        return result;
    }

    private static void ports(Container container, Set<HostPort> result) {
        for (ContainerPort port : Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of())) {
            if (port.getHostPort() != null && port.getHostPort() > 0) {
                String address = Objects.requireNonNullElse(port.getHostIP(), "");
                result.add(new HostPort(
                        address.equals("0.0.0.0") || address.equals("::") ? "" : address,
                        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                        port.getHostPort()));
            }
        }
    }
}
