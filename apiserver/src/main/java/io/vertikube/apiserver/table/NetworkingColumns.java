package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The groups {@code networking.k8s.io} and {@code policy}. Pure. */
final class NetworkingColumns {

    private NetworkingColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "networking.k8s.io/ingresses",
                Columns.named()
                        .text("Class", "Who serves it.", row -> row.text("spec.ingressClassName", Row.NONE))
                        .text("Hosts", "Names it answers to.", NetworkingColumns::hosts)
                        .text("Address", "Where it is reached.", ServiceColumns::balancer)
                        .text("Ports", "Ports it listens on.", row -> row.count("spec.tls") > 0 ? "80, 443" : "80")
                        .age()
                        .build());
        known.put(
                "networking.k8s.io/ingressclasses",
                Columns.named()
                        .text("Controller", "Who serves the class.", row -> row.text("spec.controller"))
                        .text("Parameters", "Where its settings are.", NetworkingColumns::parameters)
                        .age()
                        .build());
        known.put(
                "networking.k8s.io/networkpolicies",
                Columns.named()
                        .text(
                                "Pod-Selector",
                                "Which pods it applies to.",
                                row -> Labels.selector(row.at("spec.podSelector")))
                        .age()
                        .build());
        known.put(
                "networking.k8s.io/ipaddresses",
                Columns.named()
                        .text("ParentRef", "Who has the address.", NetworkingColumns::parent)
                        .build());
        known.put(
                "networking.k8s.io/servicecidrs",
                Columns.named()
                        .text("CIDRs", "Ranges of the addresses.", row -> row.joined("spec.cidrs", ",", ""))
                        .age()
                        .build());
        known.put(
                "policy/poddisruptionbudgets",
                Columns.named()
                        .text("Min Available", "Pods that must stay.", row -> row.text("spec.minAvailable", "N/A"))
                        .text(
                                "Max Unavailable",
                                "Pods that may be gone.",
                                row -> row.text("spec.maxUnavailable", "N/A"))
                        .number(
                                "Allowed Disruptions",
                                "Pods that may go now.",
                                row -> row.number("status.disruptionsAllowed"))
                        .age()
                        .build());
    }

    private static String hosts(Row ingress) {
        List<String> hosts = new ArrayList<>();
        for (JsonNode rule : ingress.at("spec.rules")) {
            String host = rule.path("host").asText();
            if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
        return Some.of(hosts, "*");
    }

    private static String parameters(Row row) {
        if (!row.has("spec.parameters")) {
            return Row.NONE;
        }
        String group = row.text("spec.parameters.apiGroup");
        return row.text("spec.parameters.kind") + (group.isEmpty() ? "" : "." + group) + "/"
                + row.text("spec.parameters.name");
    }

    private static String parent(Row row) {
        String group = row.text("spec.parentRef.group");
        String namespace = row.text("spec.parentRef.namespace");
        return row.text("spec.parentRef.resource")
                + (group.isEmpty() ? "" : "." + group)
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "/" + row.text("spec.parentRef.name");
    }
}
