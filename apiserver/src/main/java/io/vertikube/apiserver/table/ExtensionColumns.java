package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What extends the API: admission, custom resources, aggregated APIs, flow control. Pure. */
final class ExtensionColumns {

    private ExtensionColumns() {}

    static void addTo(Map<String, Columns> known) {
        admission(known);
        known.put("apiextensions.k8s.io/customresourcedefinitions", Columns.plain());
        known.put(
                "apiregistration.k8s.io/apiservices",
                Columns.named()
                        .text(
                                "Service",
                                "Who serves it.",
                                row -> row.has("spec.service")
                                        ? row.text("spec.service.namespace") + "/" + row.text("spec.service.name")
                                        : "Local")
                        .text("Available", "Whether it answers.", ExtensionColumns::available)
                        .age()
                        .build());
        String flow = "flowcontrol.apiserver.k8s.io/";
        known.put(
                flow + "flowschemas",
                Columns.named()
                        .text(
                                "PriorityLevel",
                                "Priority level of its requests.",
                                row -> row.text("spec.priorityLevelConfiguration.name"))
                        .number(
                                "MatchingPrecedence",
                                "Order in which schemas are tried.",
                                row -> row.number("spec.matchingPrecedence"))
                        .text(
                                "DistinguisherMethod",
                                "What tells flows apart.",
                                row -> row.text("spec.distinguisherMethod.type", Row.NONE))
                        .age()
                        .text("MissingPL", "Whether its priority level is missing.", ExtensionColumns::dangling)
                        .build());
        String limited = "spec.limited.";
        known.put(
                flow + "prioritylevelconfigurations",
                Columns.named()
                        .text("Type", "Exempt or Limited.", row -> row.text("spec.type"))
                        .text(
                                "NominalConcurrencyShares",
                                "Share of the seats.",
                                row -> row.text(
                                        limited + "nominalConcurrencyShares",
                                        row.text("spec.exempt.nominalConcurrencyShares", Row.NONE)))
                        .text(
                                "Queues",
                                "Number of queues.",
                                row -> row.text(limited + "limitResponse.queuing.queues", Row.NONE))
                        .text(
                                "HandSize",
                                "Queues a flow may use.",
                                row -> row.text(limited + "limitResponse.queuing.handSize", Row.NONE))
                        .text(
                                "QueueLengthLimit",
                                "Requests a queue may hold.",
                                row -> row.text(limited + "limitResponse.queuing.queueLengthLimit", Row.NONE))
                        .age()
                        .build());
    }

    private static void admission(Map<String, Columns> known) {
        String group = "admissionregistration.k8s.io/";
        Columns webhooks = Columns.named()
                .number("Webhooks", "Number of webhooks.", row -> row.count("webhooks"))
                .age()
                .build();
        known.put(group + "mutatingwebhookconfigurations", webhooks);
        known.put(group + "validatingwebhookconfigurations", webhooks);
        known.put(group + "validatingadmissionpolicies", policy("Validations", "Number of rules.", "spec.validations"));
        known.put(group + "mutatingadmissionpolicies", policy("Mutations", "Number of changes.", "spec.mutations"));
        Columns bindings = Columns.named()
                .text("PolicyName", "Policy that is bound.", row -> row.text("spec.policyName"))
                .text("ParamRef", "Parameters of the policy.", ExtensionColumns::parameters)
                .age()
                .build();
        known.put(group + "validatingadmissionpolicybindings", bindings);
        known.put(group + "mutatingadmissionpolicybindings", bindings);
    }

    private static Columns policy(String count, String description, String path) {
        return Columns.named()
                .number(count, description, row -> row.count(path))
                .text(
                        "ParamKind",
                        "Kind of its parameters.",
                        row -> row.has("spec.paramKind")
                                ? row.text("spec.paramKind.apiVersion") + "/" + row.text("spec.paramKind.kind")
                                : Row.UNSET)
                .age()
                .build();
    }

    private static String parameters(Row row) {
        if (!row.has("spec.paramRef")) {
            return Row.UNSET;
        }
        String name = row.text("spec.paramRef.name");
        if (name.isEmpty()) {
            return "selector: " + Labels.selector(row.at("spec.paramRef.selector"));
        }
        String namespace = row.text("spec.paramRef.namespace");
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    private static String available(Row row) {
        for (JsonNode condition : row.at("status.conditions")) {
            if (condition.path("type").asText().equals("Available")) {
                String status = condition.path("status").asText();
                String reason = condition.path("reason").asText();
                return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
            }
        }
        return "Unknown";
    }

    private static String dangling(Row row) {
        for (JsonNode condition : row.at("status.conditions")) {
            if (condition.path("type").asText().equals("Dangling")) {
                return condition.path("status").asText();
            }
        }
        return "?";
    }
}
