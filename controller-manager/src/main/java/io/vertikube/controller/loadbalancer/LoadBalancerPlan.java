package io.vertikube.controller.loadbalancer;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.endpointslice.Families;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ObjectKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of one Service of type LoadBalancer, or why it gets none. Immutable.
 *
 * @param ingress what the status is to say
 * @param refusal why it is empty, for a person; empty where it is merely too early
 */
record LoadBalancerPlan(List<LoadBalancerIngress> ingress, String refusal) {
    /** The class of our addresses, for Services that name one; those that name none are ours too. */
    static final String CLASS = "vertikube.io/node";

    private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static final Comparator<Service> OLDEST_FIRST = Comparator.comparing(
                    (Service service) -> Fields.instant(service.getMetadata().getCreationTimestamp()))
            .thenComparing(service -> ObjectKey.of(service).toString());

    LoadBalancerPlan {
        ingress = List.copyOf(ingress);
    }

    /** Whether the Service is of this controller. */
    static boolean ours(Service service) {
        String wanted = Fields.text(service.getSpec().getLoadBalancerClass());
        return "LoadBalancer".equals(service.getSpec().getType())
                && (wanted.isEmpty() || wanted.equals(CLASS))
                && service.getMetadata().getDeletionTimestamp() == null;
    }

    /**
     * @param all every Service: of two that want one port the older has it
     * @param reserved ports that belong to the nodes themselves
     * @param serving the nodes with a ready endpoint of the Service
     */
    static LoadBalancerPlan of(
            Service service,
            Collection<Service> all,
            Collection<Node> nodes,
            Set<Integer> reserved,
            Set<String> serving) {
        for (ServicePort port : Fields.list(service.getSpec().getPorts())) {
            if (reserved.contains(port.getPort())) {
                return refused("port " + port.getPort() + " is reserved for the nodes themselves: choose another one");
            }
        }
        Optional<Service> rival = all.stream()
                .filter(other -> ours(other) && OLDEST_FIRST.compare(other, service) < 0 && samePort(other, service))
                .min(OLDEST_FIRST);
        if (rival.isPresent()) {
            return refused(
                    "a port of it is taken on all nodes by Service " + ObjectKey.of(rival.get()) + ", which is older");
        }
        boolean local = "Local".equals(service.getSpec().getExternalTrafficPolicy());
        List<LoadBalancerIngress> ingress = Families.of(service).stream()
                .flatMap(family -> nodes.stream()
                        .filter(node -> eligible(node)
                                && (!local
                                        || serving.contains(node.getMetadata().getName())))
                        .sorted(Comparator.comparing(node -> node.getMetadata().getName()))
                        .flatMap(node -> address(node, family).stream()))
                .distinct()
                .map(address -> new LoadBalancerIngressBuilder()
                        .withIp(address)
                        .withIpMode("VIP")
                        .build())
                .toList();
        return new LoadBalancerPlan(ingress, "");
    }

    private static LoadBalancerPlan refused(String why) {
        return new LoadBalancerPlan(List.of(), why);
    }

    private static boolean samePort(Service one, Service other) {
        return Fields.list(one.getSpec().getPorts()).stream()
                .anyMatch(port -> Fields.list(other.getSpec().getPorts()).stream()
                        .anyMatch(wanted -> wanted.getPort().equals(port.getPort())
                                && ServicePods.protocol(wanted.getProtocol())
                                        .equals(ServicePods.protocol(port.getProtocol()))));
    }

    /** Whether a node that changed offers what it offered before. */
    static boolean sameTo(Node before, Node after) {
        return eligible(before) == eligible(after)
                && Fields.list(
                                before.getStatus() == null
                                        ? null
                                        : before.getStatus().getAddresses())
                        .equals(Fields.list(
                                after.getStatus() == null
                                        ? null
                                        : after.getStatus().getAddresses()));
    }

    private static boolean eligible(Node node) {
        boolean ready = node.getStatus() != null
                && Fields.list(node.getStatus().getConditions()).stream()
                        .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
        return ready
                && node.getMetadata().getDeletionTimestamp() == null
                && !Fields.map(node.getMetadata().getLabels()).containsKey(EXCLUDED);
    }

    /** The address by which others reach a node, in one family: the external one, else the internal one. */
    private static Optional<String> address(Node node, String family) {
        return address(node, "ExternalIP", family).or(() -> address(node, "InternalIP", family));
    }

    private static Optional<String> address(Node node, String type, String family) {
        return Fields.list(node.getStatus().getAddresses()).stream()
                .filter(address -> type.equals(address.getType()))
                .map(NodeAddress::getAddress)
                .filter(address -> Families.family(address).equals(family))
                .findFirst();
    }
}
