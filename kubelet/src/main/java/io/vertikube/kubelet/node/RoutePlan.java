package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which routes lead to the pods of other nodes. Pure but for what it asks for. */
final class RoutePlan {

    private RoutePlan() {}

    /** Ranges of the machine's links. */
    @FunctionalInterface
    interface Links {
        List<Cidr> ranges() throws IOException;
    }

    /**
     * Gateway by pod range, for every other node that has a range and an address on one of our links.
     *
     * @param links ranges of this machine's own links: what lies in them is one hop away. Asked only when there is another node, as
     *     every pod has a link
     */
    static Map<String, String> of(Collection<Node> nodes, String self, Links links) throws IOException {
        Map<String, String> routes = new TreeMap<>();
        @Nullable List<Cidr> own = null;
        for (Node node : nodes) {
            if (node.getMetadata().getName().equals(self) || node.getSpec() == null) {
                continue;
            }
            String podCidr = node.getSpec().getPodCIDR();
            Optional<String> address = internalAddress(node);
            if (podCidr == null || podCidr.isEmpty() || address.isEmpty()) {
                continue;
            }
            own = own == null ? links.ranges() : own;
            if (own.stream().anyMatch(link -> link.contains(address.get()))) {
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
