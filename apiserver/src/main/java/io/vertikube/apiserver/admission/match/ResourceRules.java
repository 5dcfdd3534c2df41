package io.vertikube.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;

/** Rules about operations and resources ("NamedRuleWithOperations" in the API reference). Immutable to the eye. */
record ResourceRules(JsonNode rules) {

    boolean none() {
        return rules.isEmpty();
    }

    /** Whether one of the rules is about this request if its resource were asked for in that version. */
    boolean areAbout(AdmissionRequest request, ResourceType type) {
        for (JsonNode rule : rules) {
            if (has(rule.path("operations"), request.operation().name())
                    && has(rule.path("apiGroups"), type.group())
                    && has(rule.path("apiVersions"), type.version())
                    && scope(rule.path("scope").asText(), type)
                    && resource(rule.path("resources"), type.plural(), request.subresource())
                    && name(rule.path("resourceNames"), request.name())) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonNode list, String value) {
        return Trees.contains(list, "*") || Trees.contains(list, value);
    }

    private static boolean name(JsonNode names, String name) {
        return names.isEmpty() || Trees.contains(names, name);
    }

    private static boolean scope(String scope, ResourceType type) {
        return switch (scope) {
            case "Cluster" -> !type.namespaced();
            case "Namespaced" -> type.namespaced();
            default -> true;
        };
    }

    private static boolean resource(JsonNode patterns, String plural, String subresource) {
        for (JsonNode pattern : patterns) {
            String[] parts = pattern.asText().split("/", 2);
            boolean main = parts[0].equals("*") || parts[0].equals(plural);
            boolean part =
                    parts.length == 1 ? subresource.isEmpty() : parts[1].equals("*") || parts[1].equals(subresource);
            if (main && part) {
                return true;
            }
        }
        return false;
    }
}
