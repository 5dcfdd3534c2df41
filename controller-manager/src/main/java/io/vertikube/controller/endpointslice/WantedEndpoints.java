package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints of a Service in one address family, by the ports that they share. Immutable.
 *
 * @param addressType {@code IPv4} or {@code IPv6}
 */
record WantedEndpoints(String addressType, Map<List<EndpointPort>, List<Endpoint>> byPorts) {

    /** @param zoneOfNode the zone label of each node that has one */
    static WantedEndpoints of(Service service, List<Pod> pods, String addressType, Map<String, String> zoneOfNode) {
        Map<List<EndpointPort>, List<Endpoint>> byPorts = new LinkedHashMap<>();
        List<Pod> sorted = pods.stream()
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
        for (Pod pod : sorted) {
            List<String> addresses = ServicePods.addresses(pod).stream()
                    .filter(address -> Families.family(address).equals(addressType))
                    .limit(1)
                    .toList();
            if (addresses.isEmpty() || Pods.finished(pod)) {
                continue;
            }
            byPorts.computeIfAbsent(ports(service, pod), key -> new ArrayList<>())
                    .add(endpoint(service, pod, addresses, zoneOfNode));
        }
        return new WantedEndpoints(addressType, byPorts);
    }

    private static Endpoint endpoint(Service service, Pod pod, List<String> addresses, Map<String, String> zoneOfNode) {
        boolean serving = Pods.ready(pod);
        boolean terminating = Pods.terminating(pod);
        boolean ready = Fields.flag(service.getSpec().getPublishNotReadyAddresses()) || (serving && !terminating);
        String node = Fields.text(pod.getSpec().getNodeName());
        return new EndpointBuilder()
                .withAddresses(addresses)
                .withConditions(new EndpointConditions(ready, serving, terminating))
                .withHostname(ServicePods.hostname(pod, service))
                .withNodeName(node.isEmpty() ? null : node)
                .withZone(zoneOfNode.get(node))
                .withHints(TrafficHints.of(service, ready, node, zoneOfNode.get(node)))
                .withTargetRef(ServicePods.reference(pod))
                .build();
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        var ports = new ArrayList<EndpointPort>();
        for (ServicePort port : Fields.list(service.getSpec().getPorts())) {
            ServicePods.targetPort(pod, port)
                    .ifPresent(number -> ports.add(new EndpointPort(
                            port.getAppProtocol(),
                            Fields.text(port.getName()),
                            number,
                            ServicePods.protocol(port.getProtocol()))));
        }
        return SlicePlan.sorted(ports);
    }
}
