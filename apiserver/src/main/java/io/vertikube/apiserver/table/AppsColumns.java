package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;

/** The group {@code apps}. Pure. */
final class AppsColumns {

    private AppsColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "apps/deployments",
                Columns.named()
                        .text("Ready", "Pods that are ready, of those wanted.", AppsColumns::ready)
                        .text(
                                "Up-to-date",
                                "Pods of the current template.",
                                row -> row.number("status.updatedReplicas"))
                        .text("Available", "Pods ready for long enough.", row -> row.number("status.availableReplicas"))
                        .age()
                        .containers("spec.template.spec")
                        .selector("spec.selector")
                        .build());
        known.put(
                "apps/replicasets",
                Columns.named()
                        .number("Desired", "Pods wanted.", row -> row.number("spec.replicas"))
                        .number("Current", "Pods there are.", row -> row.number("status.replicas"))
                        .number("Ready", "Pods that are ready.", row -> row.number("status.readyReplicas"))
                        .age()
                        .containers("spec.template.spec")
                        .selector("spec.selector")
                        .build());
        known.put(
                "apps/statefulsets",
                Columns.named()
                        .text("Ready", "Pods that are ready, of those wanted.", AppsColumns::ready)
                        .age()
                        .containers("spec.template.spec")
                        .build());
        known.put(
                "apps/daemonsets",
                Columns.named()
                        .number(
                                "Desired",
                                "Nodes that should run the pod.",
                                row -> status(row, "desiredNumberScheduled"))
                        .number("Current", "Nodes that run it.", row -> status(row, "currentNumberScheduled"))
                        .number("Ready", "Nodes on which it is ready.", row -> status(row, "numberReady"))
                        .number(
                                "Up-to-date",
                                "Nodes that run the current template.",
                                row -> status(row, "updatedNumberScheduled"))
                        .number(
                                "Available",
                                "Nodes on which it is ready for long enough.",
                                row -> status(row, "numberAvailable"))
                        .text(
                                "Node Selector",
                                "Labels of the nodes it runs on.",
                                row -> Labels.of(row.at("spec.template.spec.nodeSelector")))
                        .age()
                        .containers("spec.template.spec")
                        .selector("spec.selector")
                        .build());
        known.put(
                "apps/controllerrevisions",
                Columns.named()
                        .text("Controller", "Whose revision it is.", AppsColumns::controller)
                        .text("Revision", "Number of the revision.", row -> row.number("revision"))
                        .age()
                        .build());
    }

    private static long status(Row row, String field) {
        return row.number("status." + field);
    }

    private static String ready(Row row) {
        return row.number("status.readyReplicas") + "/" + row.number("spec.replicas");
    }

    private static String controller(Row row) {
        for (JsonNode owner : row.at("metadata.ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                String version = owner.path("apiVersion").asText();
                int slash = version.indexOf('/');
                String group = slash < 0 ? "" : "." + version.substring(0, slash);
                return owner.path("kind").asText().toLowerCase(Locale.ROOT) + group + "/"
                        + owner.path("name").asText();
            }
        }
        return Row.NONE;
    }
}
