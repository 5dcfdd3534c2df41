package io.vertikube.apiserver.resource.meta;

import io.vertikube.catalog.ResourceType;
import io.vertikube.value.Cidr;
import io.vertikube.value.Names;
import java.util.List;
import java.util.function.Function;

/** What the objects of a kind may be called ("Object Names and IDs" in the Kubernetes documentation). Pure. */
final class KindNames {

    private KindNames() {}

    static Function<String, List<String>> rule(ResourceType type) {
        return switch (type.plural() + "." + type.group()) {
            case "namespaces." -> Problems::dnsLabel;
            case "services." -> Names::dns1035;
            case "roles.rbac.authorization.k8s.io",
                    "rolebindings.rbac.authorization.k8s.io",
                    "clusterroles.rbac.authorization.k8s.io",
                    "clusterrolebindings.rbac.authorization.k8s.io" -> Names::pathSegment;
            case "apiservices.apiregistration.k8s.io" -> Names::pathSegment;
            case "ipaddresses.networking.k8s.io" -> KindNames::address;
            default -> Names::dnsSubdomain;
        };
    }

    /** A prefix may end in a hyphen, because characters follow. */
    static List<String> prefix(ResourceType type, String generateName) {
        String whole =
                generateName.endsWith("-") ? generateName.substring(0, generateName.length() - 1) + "a" : generateName;
        return rule(type).apply(whole);
    }

    private static List<String> address(String name) {
        if (!Cidr.isAddress(name)) {
            return List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        String canonical = Cidr.canonicalAddress(name);
        return canonical.equals(name) ? List.of() : List.of("must be in canonical form (\"" + canonical + "\")");
    }
}
