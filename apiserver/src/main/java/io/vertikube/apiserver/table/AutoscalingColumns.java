package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The group {@code autoscaling}, in both its versions. Pure. */
final class AutoscalingColumns {

    /** How many metrics are shown. */
    private static final int SHOWN = 2;

    private AutoscalingColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "autoscaling/horizontalpodautoscalers",
                Columns.named()
                        .text(
                                "Reference",
                                "What is scaled.",
                                row -> row.text("spec.scaleTargetRef.kind") + "/"
                                        + row.text("spec.scaleTargetRef.name"))
                        .text("Targets", "Metrics: now and wanted.", AutoscalingColumns::targets)
                        .text("MinPods", "Fewest pods.", row -> row.text("spec.minReplicas", Row.UNSET))
                        .text("MaxPods", "Most pods.", row -> row.number("spec.maxReplicas"))
                        .text("Replicas", "Pods there are.", row -> row.number("status.currentReplicas"))
                        .age()
                        .build());
        known.put(
                "autoscaling/scales",
                Columns.named()
                        .number("Desired", "Pods wanted.", row -> row.number("spec.replicas"))
                        .number("Available", "Pods there are.", row -> row.number("status.replicas"))
                        .age()
                        .build());
    }

    private static String targets(Row row) {
        if (row.has("spec.targetCPUUtilizationPercentage")) {
            return "cpu: " + percent(row.at("status.currentCPUUtilizationPercentage")) + "/"
                    + row.text("spec.targetCPUUtilizationPercentage") + "%";
        }
        List<String> all = new ArrayList<>();
        JsonNode current = row.at("status.currentMetrics");
        int place = 0;
        for (JsonNode metric : row.at("spec.metrics")) {
            all.add(target(metric, current.path(place++)));
        }
        if (all.isEmpty()) {
            return Row.NONE;
        }
        String shown = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }

    private static String target(JsonNode metric, JsonNode status) {
        String type = metric.path("type").asText();
        String part =
                switch (type) {
                    case "Resource" -> "resource";
                    case "ContainerResource" -> "containerResource";
                    case "Pods" -> "pods";
                    case "Object" -> "object";
                    case "External" -> "external";
                    default -> "";
                };
        if (part.isEmpty()) {
            return "<unknown type>";
        }
        JsonNode target = metric.path(part).path("target");
        JsonNode current = status.path(part).path("current");
        boolean resource = type.equals("Resource") || type.equals("ContainerResource");
        String name = resource ? metric.path(part).path("name").asText() + ": " : "";
        boolean averaged = !resource && !type.equals("Pods");
        if (target.hasNonNull("averageValue")) {
            return name + known(current.path("averageValue")) + "/"
                    + target.path("averageValue").asText() + (averaged ? " (avg)" : "");
        }
        return resource
                ? name + percent(current.path("averageUtilization")) + "/"
                        + target.path("averageUtilization").asText("<auto>") + "%"
                : known(current.path("value")) + "/" + target.path("value").asText();
    }

    private static String known(JsonNode value) {
        return value.asText().isEmpty() ? Row.UNKNOWN : value.asText();
    }

    private static String percent(JsonNode value) {
        return value.isNumber() ? value.asLong() + "%" : Row.UNKNOWN;
    }
}
