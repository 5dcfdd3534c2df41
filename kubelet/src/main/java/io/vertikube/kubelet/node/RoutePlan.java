package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.vertikube.value.Cidr;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Which routes lead to the pods of other nodes. Pure functions. */
final class RoutePlan {

    private RoutePlan() {}

    /**
     * Gateway by pod range, for every other node that has a range and an address on one of our links.
     *
     * @param links ranges of this machine's own links: what lies in them is one hop away
     */
    static Map<String, String> of(Collection<Node> nodes, String self, List<Cidr> links) {
        Map<String, String> routes = new TreeMap<>();
        for (Node node : nodes) {
            if (node.getMetadata().getName().equals(self) || node.getSpec() == null) {
                continue;
            }
            String podCidr = node.getSpec().getPodCIDR();
            Optional<String> address = internalAddress(node);
            if (podCidr != null
                    && !podCidr.isEmpty()
                    && address.isPresent()
                    && links.stream().anyMatch(link -> link.contains(address.get()))) {
                routes.put(podCidr, address.get());
            }
        }
        return routes;
    }

    private static Optional<String> internalAddress(Node node) {
        if (node.getStatus() == null) {
            return Optional.empty();
        }
        return Objects.requireNonNullElse(node.getStatus().getAddresses(), List.<NodeAddress>of()).stream()
                .filter(address -> "InternalIP".equals(address.getType()))
                .map(NodeAddress::getAddress)
                .findFirst();
    }
}
