package io.vertikube.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.value.LabelRequirements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One webhook of a configuration ("MutatingWebhook", "ValidatingWebhook" in the API reference), read once. Immutable to
 * the eye: nobody changes its tree.
 */
record Hook(String configuration, int index, ObjectNode tree, LabelRequirements namespaces, LabelRequirements objects) {

    static List<Hook> of(StoredObject configuration) {
        List<Hook> hooks = new ArrayList<>();
        for (ObjectNode webhook : Trees.objects(configuration.tree(), "webhooks")) {
            hooks.add(new Hook(
                    configuration.name(),
                    hooks.size(),
                    webhook,
                    LabelSelectorRules.parse(webhook.path("namespaceSelector")),
                    LabelSelectorRules.parse(webhook.path("objectSelector"))));
        }
        return List.copyOf(hooks);
    }

    String name() {
        return tree.path("name").asText();
    }

    boolean ignoresFailures() {
        return tree.path("failurePolicy").asText().equals("Ignore");
    }

    boolean equivalent() {
        return !tree.path("matchPolicy").asText().equals("Exact");
    }

    boolean reinvoked() {
        return tree.path("reinvocationPolicy").asText().equals("IfNeeded");
    }

    boolean hasSideEffects() {
        return !List.of("None", "NoneOnDryRun")
                .contains(tree.path("sideEffects").asText());
    }

    Duration timeout() {
        return Duration.ofSeconds(tree.path("timeoutSeconds").asInt(10));
    }

    /** Whether one of its rules is about this resource in this version. */
    boolean isAbout(ResourceType type, String subresource, Operation operation) {
        for (JsonNode rule : tree.path("rules")) {
            if (has(rule.path("operations"), operation.name())
                    && has(rule.path("apiGroups"), type.group())
                    && has(rule.path("apiVersions"), type.version())
                    && scope(rule.path("scope").asText(), type)
                    && resource(rule.path("resources"), type.plural(), subresource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonNode list, String value) {
        return Trees.contains(list, "*") || Trees.contains(list, value);
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
