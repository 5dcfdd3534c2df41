package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Services and their endpoints. Pure. */
final class ServiceColumns {

    private ServiceColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/services",
                Columns.named()
                        .text("Type", "How the service is reached.", row -> row.text("spec.type"))
                        .text("Cluster-IP", "Address in the cluster.", ServiceColumns::clusterAddress)
                        .text("External-IP", "Addresses from outside.", ServiceColumns::externalAddresses)
                        .text("Port(s)", "Ports, with node ports and protocols.", ServiceColumns::ports)
                        .age()
                        .wide("Selector", "Which pods belong to the object.", row -> Labels.of(row.at("spec.selector")))
                        .build());
        known.put(
                "/endpoints",
                Columns.named()
                        .text("Endpoints", "Addresses that are ready, with ports.", ServiceColumns::endpoints)
                        .age()
                        .build());
        known.put(
                "discovery.k8s.io/endpointslices",
                Columns.named()
                        .text("AddressType", "Kind of the addresses.", row -> row.text("addressType"))
                        .text("Ports", "Ports of every endpoint.", ServiceColumns::slicePorts)
                        .text("Endpoints", "Addresses of the endpoints.", ServiceColumns::sliceEndpoints)
                        .age()
                        .build());
    }

    private static String clusterAddress(Row service) {
        String first = service.at("spec.clusterIPs").path(0).asText();
        return first.isEmpty() ? service.text("spec.clusterIP", Row.NONE) : first;
    }

    private static String externalAddresses(Row service) {
        String given = service.joined("spec.externalIPs", ",", "");
        return switch (service.text("spec.type")) {
            case "ClusterIP", "NodePort" -> given.isEmpty() ? Row.NONE : given;
            case "LoadBalancer" -> {
                String balancer = balancer(service);
                if (given.isEmpty()) {
                    yield balancer.isEmpty() ? "<pending>" : balancer;
                }
                yield balancer.isEmpty() ? given : balancer + "," + given;
            }
            case "ExternalName" -> service.text("spec.externalName");
            default -> Row.UNKNOWN;
        };
    }

    /** Where the load balancer of a Service or an Ingress is reached. */
    static String balancer(Row row) {
        var addresses = new StringJoiner(",");
        for (JsonNode ingress : row.at("status.loadBalancer.ingress")) {
            String ip = ingress.path("ip").asText();
            String name = ip.isEmpty() ? ingress.path("hostname").asText() : ip;
            if (!name.isEmpty()) {
                addresses.add(name);
            }
        }
        return addresses.toString();
    }

    private static String ports(Row service) {
        var ports = new StringJoiner(",");
        ports.setEmptyValue(Row.NONE);
        for (JsonNode port : service.at("spec.ports")) {
            int nodePort = port.path("nodePort").asInt();
            ports.add(port.path("port").asInt()
                    + (nodePort > 0 ? ":" + nodePort : "")
                    + "/" + port.path("protocol").asText("TCP"));
        }
        return ports.toString();
    }

    private static String endpoints(Row endpoints) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : endpoints.at("subsets")) {
            for (JsonNode address : subset.path("addresses")) {
                String ip = address.path("ip").asText();
                if (subset.path("ports").isEmpty()) {
                    all.add(ip);
                }
                for (JsonNode port : subset.path("ports")) {
                    String host = ip.contains(":") ? "[" + ip + "]" : ip;
                    all.add(host + ":" + port.path("port").asInt());
                }
            }
        }
        return Some.of(all, Row.NONE);
    }

    private static String slicePorts(Row slice) {
        List<String> all = new ArrayList<>();
        for (JsonNode port : slice.at("ports")) {
            all.add(port.hasNonNull("port") ? port.path("port").asText() : "*");
        }
        return Some.of(all, Row.UNSET);
    }

    private static String sliceEndpoints(Row slice) {
        List<String> all = new ArrayList<>();
        for (JsonNode endpoint : slice.at("endpoints")) {
            endpoint.path("addresses").forEach(address -> all.add(address.asText()));
        }
        return Some.of(all, Row.UNSET);
    }
}
