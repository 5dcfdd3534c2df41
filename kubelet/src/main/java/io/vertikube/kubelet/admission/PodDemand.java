package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
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
        Map<String, Long> running = new HashMap<>();
        Set<HostPort> ports = new HashSet<>();
        for (Container container : spec.getContainers()) {
            add(running, requests(container.getResources()));
            ports(container, ports);
        }
        Map<String, Long> sidecars = new HashMap<>();
        Map<String, Long> starting = new HashMap<>();
        for (Container init : Objects.requireNonNullElse(spec.getInitContainers(), List.<Container>of())) {
            Map<String, Long> own = requests(init.getResources());
            if ("Always".equals(init.getRestartPolicy())) {
                add(sidecars, own);
                max(starting, sidecars);
                ports(init, ports);
            } else {
                Map<String, Long> together = new HashMap<>(sidecars);
                add(together, own);
                max(starting, together);
            }
        }
        add(running, sidecars);
        max(running, starting);
        running.putAll(requests(spec.getResources()));
        add(running, amounts(spec.getOverhead()));
        running.put(PODS, 1L);
        return new PodDemand(running, ports);
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

    private static Map<String, Long> requests(@Nullable ResourceRequirements resources) {
        return resources == null ? Map.of() : amounts(resources.getRequests());
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

    private static void add(Map<String, Long> sum, Map<String, Long> more) {
        more.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
    }

    private static void max(Map<String, Long> most, Map<String, Long> other) {
        other.forEach((name, amount) -> most.merge(name, amount, Long::max));
    }
}
