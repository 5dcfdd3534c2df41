package io.vertikube.apiserver.resource.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.EndpointsStrategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of endpoint slices. Pure. */
public final class EndpointSliceStrategy implements Strategy {

    private static final int MAX_ENDPOINTS = 1000;
    private static final int MAX_ADDRESSES = 100;
    private static final int MAX_PORTS = 20_000;

    @Override
    public void applyDefaults(ObjectNode slice) {
        for (ObjectNode port : Trees.objects(slice, "ports")) {
            Trees.setIfAbsent(port, "name", "");
            Trees.setIfAbsent(port, "protocol", "TCP");
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode slice) {
        var problems = new Problems();
        Place root = Place.root(slice);
        Place type = root.get("addressType");
        if (problems.require(type, "")) {
            problems.supported(type, List.of("FQDN", "IPv4", "IPv6"));
        }
        Place endpoints = root.get("endpoints");
        if (endpoints.node().size() > MAX_ENDPOINTS) {
            problems.add(FieldError.tooMany("endpoints", endpoints.node().size(), MAX_ENDPOINTS));
            return problems.list();
        }
        for (Place endpoint : endpoints.items()) {
            endpoint(endpoint, type.text(), problems);
        }
        ports(root.get("ports"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode slice, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(slice));
        problems.immutable(Place.root(slice).get("addressType"), Place.root(old).get("addressType"));
        return problems.list();
    }

    private static void endpoint(Place endpoint, String type, Problems problems) {
        Place addresses = endpoint.get("addresses");
        if (addresses.empty()) {
            problems.required(addresses, "must contain at least 1 address");
        } else if (addresses.node().size() > MAX_ADDRESSES) {
            problems.add(FieldError.tooMany(addresses.path(), addresses.node().size(), MAX_ADDRESSES));
        }
        for (Place address : addresses.items()) {
            boolean v6 = address.text().contains(":");
            switch (type) {
                case "IPv4", "IPv6" -> {
                    if (!Cidr.isAddress(address.text()) || v6 != type.equals("IPv6")) {
                        problems.invalid(address, "must be a valid " + type + " address");
                    } else {
                        problems.invalid(address, EndpointsStrategy.unreachable(address.text()));
                    }
                }
                case "FQDN" -> problems.check(address, Names::dnsSubdomain);
                default -> {
                    // the type itself is wrong, and said to be
                }
            }
        }
        problems.checkIfAny(endpoint.get("hostname"), Problems::dnsLabel);
        problems.checkIfAny(endpoint.get("nodeName"), Names::dnsSubdomain);
    }

    private static void ports(Place ports, Problems problems) {
        if (ports.node().size() > MAX_PORTS) {
            problems.add(FieldError.tooMany("ports", ports.node().size(), MAX_PORTS));
            return;
        }
        Set<String> names = new HashSet<>();
        for (Place port : ports.items()) {
            if (!names.add(port.text("name"))) {
                problems.duplicate(port.get("name"));
            }
            problems.checkIfAny(port.get("name"), Problems::dnsLabel);
            problems.supported(port.get("protocol"), List.of("SCTP", "TCP", "UDP"));
            problems.checkIfAny(port.get("appProtocol"), Names::qualifiedName);
        }
    }
}
