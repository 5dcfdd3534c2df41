package io.vertikube.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.value.LabelRequirements;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which writes a webhook, a policy or a binding is about ("MatchResources" in the API reference). Immutable to the eye. */
public final class Criteria {

    private final ResourceRules rules;
    private final ResourceRules excluded;
    private final LabelRequirements namespaces;
    private final LabelRequirements objects;
    private final boolean equivalent;
    private final boolean ofBinding;

    private Criteria(JsonNode tree, JsonNode rules, JsonNode excluded, boolean ofBinding) {
        this.rules = new ResourceRules(rules);
        this.excluded = new ResourceRules(excluded);
        this.namespaces = LabelSelectorRules.parse(tree.path("namespaceSelector"));
        this.objects = LabelSelectorRules.parse(tree.path("objectSelector"));
        this.equivalent = !tree.path("matchPolicy").asText().equals("Exact");
        this.ofBinding = ofBinding;
    }

    public static Criteria ofWebhook(JsonNode webhook) {
        return new Criteria(webhook, webhook.path("rules"), MissingNode.getInstance(), false);
    }

    /** {@code matchConstraints} of a policy. */
    public static Criteria ofPolicy(JsonNode constraints) {
        return new Criteria(
                constraints, constraints.path("resourceRules"), constraints.path("excludeResourceRules"), false);
    }

    /** {@code matchResources} of a binding; without rules it is about everything that its policy is about. */
    public static Criteria ofBinding(JsonNode resources) {
        return new Criteria(resources, resources.path("resourceRules"), resources.path("excludeResourceRules"), true);
    }

    /** The version in which the object is to be seen; empty if the write is none of theirs. */
    public Optional<ResourceType> seenAs(AdmissionRequest request, Snapshot now, Catalog catalog) {
        Optional<ResourceType> type = version(request, catalog);
        return type.isPresent() && inNamespace(request, now) && selects(request) ? type : Optional.empty();
    }

    private Optional<ResourceType> version(AdmissionRequest request, Catalog catalog) {
        if (found(excluded, request, catalog).isPresent()) {
            return Optional.empty();
        }
        return ofBinding && rules.none() ? Optional.of(request.type()) : found(rules, request, catalog);
    }

    private Optional<ResourceType> found(ResourceRules wanted, AdmissionRequest request, Catalog catalog) {
        if (wanted.areAbout(request, request.type())) {
            return Optional.of(request.type());
        }
        if (!equivalent || wanted.none()) {
            return Optional.empty();
        }
        return catalog.all().stream()
                .filter(row -> row.storagePrefix().equals(request.type().storagePrefix()))
                .filter(row -> wanted.areAbout(request, row))
                .findFirst();
    }

    /** Objects outside of namespaces are never left out by the selector; a namespace is selected by its own labels. */
    private boolean inNamespace(AdmissionRequest request, Snapshot now) {
        if (namespaces.matchesEverything()) {
            return true;
        }
        if (request.isForAnyPartOf("", "namespaces")) {
            ObjectNode object = request.object() != null ? request.object() : request.oldObject();
            return object == null || namespaces.matches(labels(object));
        }
        if (request.namespace().isEmpty()) {
            return true;
        }
        Map<String, String> labels = now.get("/registry/core/namespaces/" + request.namespace())
                .map(StoredObject::labels)
                .orElse(Map.of());
        return namespaces.matches(labels);
    }

    private boolean selects(AdmissionRequest request) {
        return objects.matchesEverything() || selects(request.object()) || selects(request.oldObject());
    }

    private boolean selects(@Nullable ObjectNode object) {
        return object != null && object.has("metadata") && objects.matches(labels(object));
    }

    private static Map<String, String> labels(ObjectNode object) {
        return Trees.strings(object.path("metadata").path("labels"));
    }
}
