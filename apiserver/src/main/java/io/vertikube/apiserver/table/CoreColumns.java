package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The core group, without pods, nodes, services, volumes and events. Pure. */
final class CoreColumns {

    private CoreColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/namespaces",
                Columns.named()
                        .text("Status", "Active, or Terminating.", row -> row.text("status.phase"))
                        .age()
                        .build());
        known.put(
                "/configmaps",
                Columns.named()
                        .text("Data", "Number of entries.", row -> row.count("data") + row.count("binaryData"))
                        .age()
                        .build());
        known.put(
                "/secrets",
                Columns.named()
                        .text("Type", "What the secret is for.", row -> row.text("type"))
                        .text("Data", "Number of entries.", row -> row.count("data"))
                        .age()
                        .build());
        known.put(
                "/serviceaccounts",
                Columns.named()
                        .text("Secrets", "Number of secrets it names.", row -> row.count("secrets"))
                        .age()
                        .build());
        known.put("/limitranges", Columns.named().createdAt().build());
        known.put(
                "/resourcequotas",
                Columns.named()
                        .age()
                        .text("Request", "Used and allowed, of requests and counts.", row -> quota(row, false))
                        .text("Limit", "Used and allowed, of limits.", row -> quota(row, true))
                        .build());
        known.put(
                "/replicationcontrollers",
                Columns.named()
                        .number("Desired", "Pods wanted.", row -> row.number("spec.replicas"))
                        .number("Current", "Pods there are.", row -> row.number("status.replicas"))
                        .number("Ready", "Pods that are ready.", row -> row.number("status.readyReplicas"))
                        .age()
                        .containers("spec.template.spec")
                        .wide("Selector", "Which pods belong to the object.", row -> Labels.of(row.at("spec.selector")))
                        .build());
        known.put(
                "/componentstatuses",
                Columns.named()
                        .text("Status", "Whether the component is healthy.", CoreColumns::health)
                        .text(
                                "Message",
                                "What the component says.",
                                row -> healthy(row).path("message").asText())
                        .text(
                                "Error",
                                "What went wrong.",
                                row -> healthy(row).path("error").asText())
                        .build());
    }

    private static String quota(Row row, boolean limits) {
        var hard = new TreeMap<String, String>();
        row.at("status.hard")
                .properties()
                .forEach(entry -> hard.put(entry.getKey(), entry.getValue().asText()));
        JsonNode used = row.at("status.used");
        var list = new StringJoiner(", ");
        hard.forEach((resource, allowed) -> {
            if (limits == resource.startsWith("limits.")) {
                list.add(resource + ": " + used.path(resource).asText("0") + "/" + allowed);
            }
        });
        return list.toString();
    }

    private static JsonNode healthy(Row row) {
        for (JsonNode condition : row.at("conditions")) {
            if (condition.path("type").asText().equals("Healthy")) {
                return condition;
            }
        }
        return row.at("conditions").path(0);
    }

    private static String health(Row row) {
        return switch (healthy(row).path("status").asText()) {
            case "True" -> "Healthy";
            case "False" -> "Unhealthy";
            default -> "Unknown";
        };
    }
}
