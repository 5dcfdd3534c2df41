package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of endpoints. Pure. */
public final class EndpointsStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode endpoints) {
        for (ObjectNode subset : Trees.objects(endpoints, "subsets")) {
            Trees.objects(subset, "ports").forEach(port -> Trees.setIfAbsent(port, "protocol", "TCP"));
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode endpoints) {
        var problems = new Problems();
        for (Place subset : Place.root(endpoints).items("subsets")) {
            if (subset.get("addresses").empty()
                    && subset.get("notReadyAddresses").empty()) {
                problems.required(subset, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                for (Place address : subset.items(list)) {
                    address(address, problems);
                }
            }
            List<Place> ports = subset.items("ports");
            for (Place port : ports) {
                if (ports.size() > 1 && port.get("name").empty()) {
                    problems.required(port.get("name"));
                } else {
                    problems.checkIfAny(port.get("name"), Problems::dnsLabel);
                }
                problems.port(port.get("port"));
                if (problems.require(port.get("protocol"), "")) {
                    problems.supported(port.get("protocol"), List.of("SCTP", "TCP", "UDP"));
                }
                problems.checkIfAny(port.get("appProtocol"), Names::qualifiedName);
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode endpoints, ObjectNode old) {
        return validate(endpoints);
    }

    @Override
    public List<String> warnings(ObjectNode endpoints, @Nullable ObjectNode old) {
        return List.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }

    /** Endpoints never lead to the machine itself or to what only it can reach. */
    public static List<String> unreachable(String address) {
        var sentences = new ArrayList<String>();
        if (address.equals("0.0.0.0") || address.equals("::")) {
            sentences.add("may not be unspecified (" + address + ")");
        }
        if (address.startsWith("127.") || address.equals("::1")) {
            sentences.add("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.startsWith("169.254.") || address.startsWith("fe80:")) {
            sentences.add("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (address.startsWith("224.0.0.") || address.startsWith("ff02:")) {
            sentences.add("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
        return sentences;
    }

    private static void address(Place address, Problems problems) {
        Place ip = address.get("ip");
        if (!Cidr.isAddress(ip.text())) {
            problems.invalid(ip, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        } else {
            problems.invalid(ip, unreachable(ip.text()));
        }
        problems.checkIfAny(address.get("hostname"), Problems::dnsLabel);
        problems.checkIfAny(address.get("nodeName"), Names::dnsSubdomain);
    }
}
