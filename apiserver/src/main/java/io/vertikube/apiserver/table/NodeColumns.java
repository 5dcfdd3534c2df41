package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeSet;

/** Nodes. Pure. */
final class NodeColumns {

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE = "kubernetes.io/role";

    private NodeColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/nodes",
                Columns.named()
                        .text("Status", "Whether the node is ready and takes pods.", NodeColumns::status)
                        .text("Roles", "Roles from the node's labels.", NodeColumns::roles)
                        .age()
                        .text("Version", "Version of the kubelet.", row -> row.text("status.nodeInfo.kubeletVersion"))
                        .wide("Internal-IP", "Address in the cluster.", row -> address(row, "InternalIP"))
                        .wide("External-IP", "Address from outside.", row -> address(row, "ExternalIP"))
                        .wide("OS-Image", "Operating system.", row -> info(row, "osImage"))
                        .wide("Kernel-Version", "Kernel.", row -> info(row, "kernelVersion"))
                        .wide("Container-Runtime", "Container runtime.", row -> info(row, "containerRuntimeVersion"))
                        .build());
    }

    private static String status(Row node) {
        String status = "Unknown";
        for (JsonNode condition : node.at("status.conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.flag("spec.unschedulable") ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(Row node) {
        var roles = new TreeSet<String>();
        for (var label : node.at("metadata.labels").properties()) {
            String value = label.getValue().asText();
            if (label.getKey().startsWith(ROLE_PREFIX) && label.getKey().length() > ROLE_PREFIX.length()) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals(ROLE) && !value.isEmpty()) {
                roles.add(value);
            }
        }
        return roles.isEmpty() ? Row.NONE : String.join(",", roles);
    }

    private static String address(Row node, String type) {
        for (JsonNode address : node.at("status.addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return Row.NONE;
    }

    private static String info(Row node, String field) {
        return node.text("status.nodeInfo." + field, Row.UNKNOWN);
    }
}
