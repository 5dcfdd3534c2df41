package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.vertikube.controller.workload.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shares the endpoints of a Service among zones by their processors, for one that asks with
 * {@code service.kubernetes.io/topology-mode: Auto}. Endpoints are for their own zone; only where a zone has too few, some of
 * the zone that has most to spare are for it. If the shares cannot be kept within a fifth, nothing is hinted. Pure.
 *
 * @param endpoints with hints, or without any
 * @param withheld why there are none
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/">Topology aware routing</a>
 */
record ProportionalHints(WantedEndpoints endpoints, Optional<String> withheld) {

    /** By how much more an endpoint may be used than if there were no zones. */
    private static final double OVERLOAD = 0.2;

    static boolean asked(Service service) {
        Map<String, String> annotations = Fields.map(service.getMetadata().getAnnotations());
        String mode = annotations.getOrDefault(
                "service.kubernetes.io/topology-mode",
                annotations.getOrDefault("service.kubernetes.io/topology-aware-hints", ""));
        return mode.equals("Auto") || mode.equals("auto");
    }

    static ProportionalHints of(WantedEndpoints wanted, ZoneShares shares) {
        Map<List<EndpointPort>, List<Endpoint>> hinted = new LinkedHashMap<>();
        for (Map.Entry<List<EndpointPort>, List<Endpoint>> group :
                wanted.byPorts().entrySet()) {
            Shared shared = share(group.getValue(), shares);
            if (!shared.withheld.isEmpty()) {
                return new ProportionalHints(
                        wanted, Optional.of(shared.withheld + ", addressType: " + wanted.addressType()));
            }
            hinted.put(group.getKey(), shared.endpoints);
        }
        return new ProportionalHints(new WantedEndpoints(wanted.addressType(), hinted), Optional.empty());
    }

    /** @param withheld empty if the endpoints have hints now */
    private record Shared(List<Endpoint> endpoints, String withheld) {}

    private static Shared share(List<Endpoint> endpoints, ZoneShares shares) {
        if (!shares.whole()) {
            return none("Insufficient Node information: allocatable CPU or zone not specified on one or more nodes");
        }
        int zones = shares.millisByZone().size();
        if (zones < 2) {
            return none("Nodes only ready in one zone");
        }
        Map<String, List<Endpoint>> byZone = new TreeMap<>();
        shares.millisByZone().keySet().forEach(zone -> byZone.put(zone, new ArrayList<>()));
        int ready = 0;
        for (Endpoint endpoint : endpoints) {
            if (Fields.flag(endpoint.getConditions().getReady())) {
                ready++;
                String zone = Fields.text(endpoint.getZone());
                if (zone.isEmpty()) {
                    return none("One or more endpoints do not have a zone specified");
                }
                byZone.computeIfAbsent(zone, key -> new ArrayList<>()).add(endpoint);
            }
        }
        String size = " (" + ready + " endpoints, " + zones + " zones)";
        if (ready < zones) {
            return none("Insufficient number of endpoints" + size);
        }
        Map<String, Integer> least = least(shares, ready);
        if (least.values().stream().mapToInt(Integer::intValue).sum() > ready) {
            return none(
                    "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold"
                            + size);
        }
        return new Shared(marked(endpoints, even(byZone, least, shares, ready)), "");
    }

    /** How many endpoints each zone needs, so that none of them is used more than a fifth beyond its share. */
    private static Map<String, Integer> least(ZoneShares shares, int ready) {
        Map<String, Integer> least = new TreeMap<>();
        shares.millisByZone()
                .keySet()
                .forEach(zone -> least.put(zone, (int) Math.ceil(shares.of(zone) * ready / (1 + OVERLOAD) - 1e-9)));
        return least;
    }

    /** For which zone each endpoint is, by its address. */
    private static Map<String, String> even(
            Map<String, List<Endpoint>> byZone, Map<String, Integer> least, ZoneShares shares, int ready) {
        for (String poor : least.keySet()) {
            List<Endpoint> receives = byZone.getOrDefault(poor, List.of());
            while (receives.size() < least.getOrDefault(poor, 0)) {
                List<Endpoint> gives = byZone.entrySet().stream()
                        .filter(zone -> zone.getValue().size() > least.getOrDefault(zone.getKey(), 0))
                        .max(Comparator.comparingDouble(
                                zone -> zone.getValue().size() - shares.of(zone.getKey()) * ready))
                        .orElseThrow()
                        .getValue();
                receives.add(gives.removeLast());
            }
        }
        Map<String, String> zoneOf = new HashMap<>();
        byZone.forEach((zone, its) ->
                its.forEach(endpoint -> zoneOf.put(endpoint.getAddresses().getFirst(), zone)));
        return zoneOf;
    }

    private static List<Endpoint> marked(List<Endpoint> endpoints, Map<String, String> zoneOf) {
        return endpoints.stream()
                .map(endpoint -> {
                    String zone = zoneOf.get(endpoint.getAddresses().getFirst());
                    return zone == null
                            ? endpoint
                            : new EndpointBuilder(endpoint)
                                    .withNewHints()
                                    .addNewForZone(zone)
                                    .endHints()
                                    .build();
                })
                .toList();
    }

    private static Shared none(String why) {
        return new Shared(List.of(), why);
    }
}
