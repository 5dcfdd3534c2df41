package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.workload.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What slices repeat of Endpoints that were written by hand, family by family. Immutable.
 *
 * @param leftOut how many addresses are more than one subset may have mirrored
 */
record MirroredEndpoints(List<WantedEndpoints> wanted, int leftOut) {
    static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    MirroredEndpoints {
        wanted = List.copyOf(wanted);
    }

    /** Whether someone else sees to the endpoints: nobody mirrors those that follow pods, nor those that ask not to be. */
    static boolean due(Optional<Service> service, Endpoints endpoints) {
        var metadata = endpoints.getMetadata();
        return metadata.getDeletionTimestamp() == null
                && !"true".equals(Fields.map(metadata.getLabels()).get(SKIP))
                && !Fields.map(metadata.getAnnotations()).containsKey(LEADER)
                && service.filter(found ->
                                Fields.map(found.getSpec().getSelector()).isEmpty())
                        .isPresent();
    }

    /** @param largest how many addresses of one subset are mirrored, the ready ones first */
    static MirroredEndpoints of(Endpoints endpoints, int largest) {
        Map<String, Map<List<EndpointPort>, Map<String, Endpoint>>> families = new LinkedHashMap<>();
        int leftOut = 0;
        for (EndpointSubset subset : Fields.list(endpoints.getSubsets())) {
            List<EndpointPort> ports = ports(subset);
            var all = new ArrayList<Endpoint>();
            Fields.list(subset.getAddresses()).forEach(address -> all.add(endpoint(address, true)));
            Fields.list(subset.getNotReadyAddresses()).forEach(address -> all.add(endpoint(address, false)));
            leftOut += Math.max(0, all.size() - largest);
            for (Endpoint endpoint : all.subList(0, Math.min(all.size(), largest))) {
                String address = endpoint.getAddresses().getFirst();
                families.computeIfAbsent(Families.family(address), family -> new LinkedHashMap<>())
                        .computeIfAbsent(ports, same -> new LinkedHashMap<>())
                        .putIfAbsent(address, endpoint);
            }
        }
        List<WantedEndpoints> wanted = List.of(wanted("IPv4", families), wanted("IPv6", families));
        return new MirroredEndpoints(wanted, leftOut);
    }

    private static WantedEndpoints wanted(
            String family, Map<String, Map<List<EndpointPort>, Map<String, Endpoint>>> families) {
        Map<List<EndpointPort>, List<Endpoint>> byPorts = new LinkedHashMap<>();
        Fields.map(families.get(family))
                .forEach((ports, byAddress) -> byPorts.put(ports, List.copyOf(byAddress.values())));
        return new WantedEndpoints(family, byPorts);
    }

    private static Endpoint endpoint(EndpointAddress address, boolean ready) {
        return new EndpointBuilder()
                .withAddresses(address.getIp())
                .withConditions(new EndpointConditions(ready, null, null))
                .withHostname(address.getHostname())
                .withNodeName(address.getNodeName())
                .withTargetRef(address.getTargetRef())
                .build();
    }

    private static List<EndpointPort> ports(EndpointSubset subset) {
        return SlicePlan.sorted(Fields.list(subset.getPorts()).stream()
                .map(port -> new EndpointPort(
                        port.getAppProtocol(),
                        Fields.text(port.getName()),
                        port.getPort(),
                        ServicePods.protocol(port.getProtocol())))
                .toList());
    }
}
