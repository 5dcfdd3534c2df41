package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a Service may say. Pure. */
final class ServiceRules {

    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
    private static final String NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    private ServiceRules() {}

    static void validate(ObjectNode service, Problems problems) {
        Place spec = Place.root(service).get("spec");
        String type = spec.text("type");
        boolean headless = spec.text("clusterIP").equals("None");
        Place ports = spec.get("ports");
        if (ports.empty() && !headless && !type.equals("ExternalName")) {
            problems.required(ports);
        }
        if (problems.require(spec.get("type"), "")) {
            problems.supported(spec.get("type"), TYPES);
        }
        if (type.equals("LoadBalancer") || type.equals("NodePort")) {
            if (headless) {
                problems.add(FieldError.invalid(
                        "spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type + " services"));
            }
        }
        if (type.equals("ExternalName")) {
            externalName(spec, problems);
        }
        ports(spec, type, headless, problems);
        LabelSelectorRules.validateMap(spec.get("selector"), problems);
        affinity(spec, problems);
        addresses(spec, type, problems);
        for (Place address : spec.items("externalIPs")) {
            problems.invalid(address, externalAddress(address.text()));
        }
        policies(spec, type, problems);
        if (!type.equals("LoadBalancer")
                && !spec.get("loadBalancerSourceRanges").empty()) {
            problems.forbidden(spec.get("loadBalancerSourceRanges"), "may only be used when `type` is 'LoadBalancer'");
        }
        for (Place range : spec.items("loadBalancerSourceRanges")) {
            try {
                Cidr.parse(range.text().strip());
            } catch (IllegalArgumentException e) {
                problems.invalid(range, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            }
        }
    }

    static void validateUpdate(ObjectNode service, ObjectNode old, Problems problems) {
        Place spec = Place.root(service).get("spec");
        Place before = Place.root(old).get("spec");
        long health = spec.number("healthCheckNodePort", 0);
        long hadHealth = before.number("healthCheckNodePort", 0);
        if (health != 0 && hadHealth != 0 && health != hadHealth) {
            problems.forbidden(spec.get("healthCheckNodePort"), "field is immutable");
        }
        boolean external =
                spec.text("type").equals("ExternalName") || before.text("type").equals("ExternalName");
        String hadFirst = before.get("clusterIPs").node().path(0).asText(before.text("clusterIP"));
        if (external || hadFirst.isEmpty()) {
            return;
        }
        Place now = spec.get("clusterIPs");
        String first = now.node().path(0).asText("");
        if (!first.equals(hadFirst)) {
            problems.add(FieldError.invalid(
                    "spec.clusterIPs[0]",
                    now.present() ? now.node() : Trees.arrayOf(List.of()),
                    "may not change once set"));
        }
        if (problems.none() && !spec.text("clusterIP").equals(first)) {
            problems.add(FieldError.invalid("spec.clusterIPs", now.node(), "first value must match `clusterIP`"));
        }
        Place families = spec.get("ipFamilies");
        String hadFamily = before.get("ipFamilies").node().path(0).asText("");
        if (!hadFamily.isEmpty() && !families.node().path(0).asText("").equals(hadFamily)) {
            problems.add(FieldError.invalid("spec.ipFamilies[0]", families.node(), "may not change once set"));
        }
        if (before.has("loadBalancerClass") && spec.text("type").equals("LoadBalancer")) {
            if (!spec.text("loadBalancerClass").equals(before.text("loadBalancerClass"))) {
                problems.invalid(spec.get("loadBalancerClass"), "may not change once set");
            }
        }
    }

    private static void externalName(Place spec, Problems problems) {
        for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
            if (!spec.get(field).empty()) {
                problems.forbidden(spec.get(field), "may not be set for ExternalName services");
            }
        }
        Place name = spec.get("externalName");
        if (name.empty()) {
            problems.required(name);
        } else {
            String bare = name.text().endsWith(".")
                    ? name.text().substring(0, name.text().length() - 1)
                    : name.text();
            problems.invalid(name, Names.dnsSubdomain(bare));
        }
    }

    private static void ports(Place spec, String type, boolean headless, Problems problems) {
        List<Place> ports = spec.items("ports");
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        Set<String> nodePorts = new HashSet<>();
        for (Place port : ports) {
            Place name = port.get("name");
            if (name.empty() && ports.size() > 1) {
                problems.required(name);
            } else if (!name.empty()) {
                problems.check(name, Problems::dnsLabel);
                if (!names.add(name.text())) {
                    problems.duplicate(name);
                }
            }
            problems.port(port.get("port"));
            Place protocol = port.get("protocol");
            if (problems.require(protocol, "")) {
                problems.supported(protocol, List.of("SCTP", "TCP", "UDP"));
            }
            Place target = port.get("targetPort");
            if (target.node().isTextual()) {
                problems.check(target, Names::portName);
            } else {
                problems.port(target);
            }
            if (!port.get("appProtocol").empty()) {
                problems.check(port.get("appProtocol"), Names::qualifiedName);
            }
            if (!numbers.add(protocol.text() + "/" + port.number("port", 0))) {
                problems.duplicate(port, port.node());
            }
            long nodePort = port.number("nodePort", 0);
            if (nodePort != 0) {
                if (!type.equals("NodePort") && !type.equals("LoadBalancer")) {
                    problems.forbidden(port.get("nodePort"), "may not be used when `type` is '" + type + "'");
                } else if (!nodePorts.add(protocol.text() + "/" + nodePort)) {
                    problems.add(FieldError.duplicate(port.get("nodePort").path(), nodePort));
                }
            }
            if (headless
                    && target.present()
                    && target.node().isTextual()
                    && target.text().isEmpty()) {
                problems.invalid(target, "must not be empty");
            }
        }
    }

    private static void affinity(Place spec, Problems problems) {
        Place affinity = spec.get("sessionAffinity");
        if (problems.require(affinity, "")) {
            problems.supported(affinity, List.of("ClientIP", "None"));
        }
        Place timeout = spec.get("sessionAffinityConfig", "clientIP", "timeoutSeconds");
        if (affinity.text().equals("ClientIP")) {
            if (!timeout.present()) {
                problems.required(spec.get("sessionAffinityConfig"), "when session affinity type is ClientIP");
            } else if (timeout.number(0) <= 0 || timeout.number(0) > 86_400) {
                problems.invalid(timeout, "must be greater than 0 and less than 86400");
            }
        } else if (spec.has("sessionAffinityConfig")) {
            problems.forbidden(spec.get("sessionAffinityConfig"), "must not be set when session affinity is None");
        }
    }

    private static void addresses(Place spec, String type, Problems problems) {
        if (type.equals("ExternalName")) {
            return;
        }
        List<Place> addresses = spec.items("clusterIPs");
        String single = spec.text("clusterIP");
        if (addresses.isEmpty() && !single.isEmpty()) {
            problems.required(spec.get("clusterIPs"));
        } else if (!addresses.isEmpty() && !addresses.getFirst().text().equals(single)) {
            problems.invalid(spec.get("clusterIPs"), "first value must match `clusterIP`");
        }
        if (addresses.size() > 2) {
            problems.invalid(spec.get("clusterIPs"), "may only hold up to 2 values");
        }
        for (Place address : addresses) {
            if (address.text().equals("None")) {
                if (addresses.size() > 1) {
                    problems.invalid(address, "'None' must be the first and only value");
                }
            } else if (!Cidr.isAddress(address.text())) {
                problems.invalid(address, NOT_AN_ADDRESS);
            }
        }
        spec.items("ipFamilies").forEach(f -> problems.supported(f, List.of("IPv4", "IPv6")));
        problems.unique(spec.items("ipFamilies"));
        problems.supportedIfAny(
                spec.get("ipFamilyPolicy"), List.of("SingleStack", "PreferDualStack", "RequireDualStack"));
    }

    private static List<String> externalAddress(String address) {
        if (!Cidr.isAddress(address)) {
            return List.of(NOT_AN_ADDRESS);
        }
        if (address.equals("0.0.0.0") || address.equals("::")) {
            return List.of("may not be unspecified (" + address + ")");
        }
        if (address.startsWith("127.") || address.equals("::1")) {
            return List.of("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.startsWith("169.254.") || address.startsWith("fe80:")) {
            return List.of("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        return List.of();
    }

    private static void policies(Place spec, String type, Problems problems) {
        Place external = spec.get("externalTrafficPolicy");
        boolean facing = type.equals("LoadBalancer")
                || type.equals("NodePort")
                || !spec.get("externalIPs").empty();
        if (external.present()) {
            if (!facing) {
                problems.invalid(external, "may only be set for externally-accessible services");
            } else {
                problems.supported(external, List.of("Cluster", "Local"));
            }
        } else if (facing && !type.equals("ExternalName")) {
            problems.required(external, "required for externally-accessible services");
        }
        Place internal = spec.get("internalTrafficPolicy");
        if (!type.equals("ExternalName")) {
            if (problems.require(internal, "")) {
                problems.supported(internal, List.of("Cluster", "Local"));
            }
        }
        Place health = spec.get("healthCheckNodePort");
        if (health.present() && health.number(0) != 0) {
            boolean fits = type.equals("LoadBalancer") && external.text().equals("Local");
            if (!fits) {
                problems.invalid(
                        health, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            } else {
                problems.port(health);
            }
        }
        if (spec.has("loadBalancerClass") && !type.equals("LoadBalancer")) {
            problems.forbidden(spec.get("loadBalancerClass"), "may only be used when `type` is 'LoadBalancer'");
        }
        problems.checkIfAny(spec.get("loadBalancerClass"), Names::qualifiedName);
        if (spec.has("allocateLoadBalancerNodePorts") && !type.equals("LoadBalancer")) {
            problems.forbidden(
                    spec.get("allocateLoadBalancerNodePorts"), "may only be used when `type` is 'LoadBalancer'");
        }
        if (type.equals("LoadBalancer") && !spec.has("allocateLoadBalancerNodePorts")) {
            problems.required(spec.get("allocateLoadBalancerNodePorts"), "");
        }
        if (spec.has("trafficDistribution")) {
            problems.supported(
                    spec.get("trafficDistribution"), List.of("PreferClose", "PreferSameNode", "PreferSameZone"));
        }
    }
}
