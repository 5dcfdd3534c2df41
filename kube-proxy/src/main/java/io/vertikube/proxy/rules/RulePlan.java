package io.vertikube.proxy.rules;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * From what the API says to what the table should hold. A Service port with k endpoints is one element of the verdict
 * map and k elements of {@code ep_k}; chains are as many as there are different k, not as there are Services. Session
 * affinity alone has chains of its own. Pure.
 */
public final class RulePlan {

    /** A Service with this label belongs to another proxy ("Well-known labels" in the documentation). */
    private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";

    private final RuleScope scope;
    private final NodeView node;
    private final TableBuilder table = new TableBuilder();

    private RulePlan(RuleScope scope, NodeView node) {
        this.scope = scope;
        this.node = node;
    }

    /**
     * The table as it should be.
     *
     * @param slices EndpointSlices by the Service they belong to
     * @param podsHere pods of this node, for their host ports
     */
    public static TableState of(
            RuleScope scope,
            NodeView node,
            Collection<Service> services,
            Map<ObjectKey, List<EndpointSlice>> slices,
            Collection<NodePod> podsHere) {
        return new RulePlan(scope, node).plan(services, slices, podsHere);
    }

    private TableState plan(
            Collection<Service> services, Map<ObjectKey, List<EndpointSlice>> slices, Collection<NodePod> podsHere) {
        new FrameRules(scope, node).addTo(table);
        var ordered = new ArrayList<>(services);
        ordered.sort(Comparator.comparing(ObjectKey::of));
        var destinations = new Destinations(table, scope);
        for (Service service : ordered) {
            addService(destinations, service, slices.getOrDefault(ObjectKey.of(service), List.of()));
        }
        HostPorts.addTo(table, podsHere);
        return table.build();
    }

    private void addService(Destinations destinations, Service service, List<EndpointSlice> slices) {
        String clusterIp = service.getSpec().getClusterIP();
        if (!isServed(service, clusterIp)) {
            return;
        }
        for (ServicePort port : service.getSpec().getPorts()) {
            List<Backend> all = Backends.of(slices, port, node);
            all.stream()
                    .filter(Backend::local)
                    .forEach(b -> table.add("hairpin", b.address() + " . " + b.address(), ""));
            var target = ServiceTarget.of(service, port, all);
            if (!(target.everywhere().isEmpty() && clusterIp.equals(scope.dnsAddress()))) {
                destinations.addClusterIp(target, clusterIp);
            }
            for (String address : externalAddresses(service)) {
                destinations.addExternal(target, address);
            }
            if (port.getNodePort() != null && port.getNodePort() > 0) {
                destinations.addNodePort(target, port.getNodePort());
            }
        }
        if (!clusterIp.equals(scope.dnsAddress())) {
            table.add("service_ips", clusterIp, "");
        }
    }

    private static boolean isServed(Service service, @org.jspecify.annotations.Nullable String clusterIp) {
        Map<String, String> labels = service.getMetadata().getLabels();
        return clusterIp != null
                && (labels == null || !labels.containsKey(OTHER_PROXY))
                && !"ExternalName".equals(service.getSpec().getType())
                && Cidr.isAddress(clusterIp)
                && clusterIp.indexOf(':') < 0;
    }

    private List<String> externalAddresses(Service service) {
        var addresses = new ArrayList<String>();
        if ("LoadBalancer".equals(service.getSpec().getType())
                && service.getStatus() != null
                && service.getStatus().getLoadBalancer() != null) {
            for (var ingress : service.getStatus().getLoadBalancer().getIngress()) {
                if (ingress.getIp() != null && !"Proxy".equals(ingress.getIpMode())) {
                    addresses.add(ingress.getIp());
                }
            }
        }
        if (scope.externalIps()) {
            addresses.addAll(service.getSpec().getExternalIPs());
        }
        return addresses.stream()
                .filter(a -> a.indexOf(':') < 0 && Cidr.isAddress(a))
                .distinct()
                .toList();
    }
}
