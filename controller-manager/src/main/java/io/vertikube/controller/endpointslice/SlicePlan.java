package io.vertikube.controller.endpointslice;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.vertikube.controller.endpoints.ServicePods;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Same;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which slices to create, change and delete so that together they hold the wanted endpoints, with as few writes as possible: an
 * endpoint stays in the slice it is in, new ones fill what has room. Immutable.
 */
record SlicePlan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final int LARGEST_SLICE = 100;

    SlicePlan {
        create = List.copyOf(create);
        update = List.copyOf(update);
        delete = List.copyOf(delete);
    }

    boolean isEmpty() {
        return create.isEmpty() && update.isEmpty() && delete.isEmpty();
    }

    static SlicePlan of(SliceOwner owner, List<WantedEndpoints> wanted, List<EndpointSlice> existing) {
        var plan = new SlicePlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var create = new ArrayList<EndpointSlice>();
        var update = new ArrayList<EndpointSlice>();
        var delete = new ArrayList<>(existing);
        for (WantedEndpoints family : wanted) {
            Map<List<EndpointPort>, List<EndpointSlice>> byPorts = byPorts(existing, family.addressType());
            var groups = new LinkedHashMap<>(family.byPorts());
            if (groups.isEmpty() && owner.keepsOne()) {
                groups.put(placeholderPorts(byPorts), List.of());
            }
            groups.forEach((ports, endpoints) -> place(
                    owner,
                    family.addressType(),
                    ports,
                    endpoints,
                    byPorts.getOrDefault(ports, List.of()),
                    create,
                    update,
                    delete));
        }
        return create.isEmpty() && update.isEmpty() && delete.isEmpty() ? plan : new SlicePlan(create, update, delete);
    }

    /** A Service without endpoints keeps one empty slice: one that it has already, if it has any. */
    private static List<EndpointPort> placeholderPorts(Map<List<EndpointPort>, List<EndpointSlice>> byPorts) {
        return byPorts.keySet().stream().findFirst().orElse(List.of());
    }

    private static void place(
            SliceOwner owner,
            String addressType,
            List<EndpointPort> ports,
            List<Endpoint> wanted,
            List<EndpointSlice> existing,
            List<EndpointSlice> create,
            List<EndpointSlice> update,
            List<EndpointSlice> delete) {
        Map<String, Endpoint> missing = new LinkedHashMap<>();
        wanted.forEach(endpoint -> missing.put(identity(endpoint), endpoint));
        List<List<Endpoint>> contents = new ArrayList<>();
        for (EndpointSlice slice : existing) {
            var kept = new ArrayList<Endpoint>();
            for (Endpoint endpoint : Fields.list(slice.getEndpoints())) {
                Endpoint now = missing.remove(identity(endpoint));
                if (now != null) {
                    kept.add(now);
                }
            }
            contents.add(kept);
        }
        var rest = new ArrayList<>(missing.values());
        fill(contents, rest);
        boolean oneStays = false;
        for (int i = 0; i < existing.size(); i++) {
            boolean placeholder = wanted.isEmpty() && !oneStays;
            if (contents.get(i).isEmpty() && !placeholder) {
                continue;
            }
            oneStays = true;
            EndpointSlice slice = existing.get(i);
            delete.remove(slice);
            EndpointSlice next = content(slice, owner, ports, contents.get(i));
            if (!Same.meaning(next, slice)) {
                update.add(next);
            }
        }
        if (wanted.isEmpty() && !oneStays) {
            create.add(content(owner.fresh(addressType), owner, ports, List.of()));
        }
        for (int from = 0; from < rest.size(); from += LARGEST_SLICE) {
            List<Endpoint> piece = rest.subList(from, Math.min(rest.size(), from + LARGEST_SLICE));
            create.add(content(owner.fresh(addressType), owner, ports, piece));
        }
    }

    /** Puts endpoints where there is room, the fullest slice first, and leaves in {@code rest} what found none. */
    private static void fill(List<List<Endpoint>> contents, List<Endpoint> rest) {
        List<List<Endpoint>> fullestFirst = contents.stream()
                .filter(content -> content.size() < LARGEST_SLICE)
                .sorted(Comparator.comparingInt((List<Endpoint> content) -> content.size())
                        .reversed())
                .toList();
        for (List<Endpoint> content : fullestFirst) {
            while (content.size() < LARGEST_SLICE && !rest.isEmpty()) {
                content.add(rest.removeFirst());
            }
        }
    }

    private static Map<List<EndpointPort>, List<EndpointSlice>> byPorts(
            List<EndpointSlice> existing, String addressType) {
        Map<List<EndpointPort>, List<EndpointSlice>> byPorts = new LinkedHashMap<>();
        for (EndpointSlice slice : existing) {
            if (addressType.equals(slice.getAddressType())) {
                byPorts.computeIfAbsent(sorted(Fields.list(slice.getPorts())), key -> new ArrayList<>())
                        .add(slice);
            }
        }
        return byPorts;
    }

    /** Ports in one order and one spelling, so that equal sets are equal lists. */
    static List<EndpointPort> sorted(List<EndpointPort> ports) {
        return ports.stream()
                .map(port -> new EndpointPortBuilder(port)
                        .withName(Fields.text(port.getName()))
                        .build())
                .sorted(Comparator.comparing((EndpointPort port) -> port.getName())
                        .thenComparing(EndpointPort::getPort)
                        .thenComparing(port -> ServicePods.protocol(port.getProtocol())))
                .toList();
    }

    private static String identity(Endpoint endpoint) {
        return endpoint.getAddresses() + "/"
                + (endpoint.getTargetRef() == null
                        ? ""
                        : endpoint.getTargetRef().getUid());
    }

    private static EndpointSlice content(
            EndpointSlice slice, SliceOwner owner, List<EndpointPort> ports, List<Endpoint> endpoints) {
        boolean samePorts = sorted(Fields.list(slice.getPorts())).equals(ports);
        return new EndpointSliceBuilder(owner.marked(slice))
                .withPorts(samePorts ? Fields.list(slice.getPorts()) : ports)
                .withEndpoints(endpoints)
                .build();
    }
}
