package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.value.LabelRequirements;
import java.util.List;
import java.util.Optional;

/**
 * The parameters that a binding refers to ("Parameter resources" in the documentation): each is one evaluation of the
 * policy. Pure functions of a snapshot.
 */
final class Params {

    /** A binding whose parameters cannot be found. */
    static final class Missing extends Exception {

        private static final long serialVersionUID = 1;

        Missing(String message) {
            super(message, null, false, false);
        }
    }

    private Params() {}

    /** One empty parameter where there is to be none; no parameter at all where the policy is not to be asked then. */
    static List<Optional<ObjectNode>> of(
            Policy policy, Binding binding, AdmissionRequest request, Surroundings surroundings, Snapshot now)
            throws Missing {
        JsonNode reference = binding.paramRef();
        if (policy.paramKind().isEmpty() || !reference.isObject()) {
            return List.of(Optional.empty());
        }
        Gvk kind = policy.paramKind().get();
        ResourceType type = surroundings
                .catalog()
                .get()
                .byKind(kind)
                .orElseThrow(() -> new Missing("failed to find resource referenced by paramKind: '" + kind.apiVersion()
                        + ", Kind=" + kind.kind() + "'"));
        List<StoredObject> found = found(type, namespace(type, reference, request), reference, now);
        if (found.isEmpty()) {
            if (reference.path("parameterNotFoundAction").asText().equals("Deny")) {
                throw new Missing("no params found for policy binding with `Deny` parameterNotFoundAction");
            }
            return List.of();
        }
        return surroundings.conversions().of(type).asAsked(found).stream()
                .map(Optional::of)
                .toList();
    }

    private static String namespace(ResourceType type, JsonNode reference, AdmissionRequest request) throws Missing {
        String named = reference.path("namespace").asText();
        if (!type.namespaced()) {
            if (!named.isEmpty()) {
                throw new Missing("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
            }
            return "";
        }
        String namespace = named.isEmpty() ? request.namespace() : named;
        if (namespace.isEmpty()) {
            throw new Missing("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        }
        return namespace;
    }

    private static List<StoredObject> found(ResourceType type, String namespace, JsonNode reference, Snapshot now) {
        String name = reference.path("name").asText();
        if (!name.isEmpty()) {
            return now.get(type.storageKey(namespace, name)).map(List::of).orElse(List.of());
        }
        LabelRequirements selector = LabelSelectorRules.parse(reference.path("selector"));
        return now.under(type.storageKey(namespace, "")).values().stream()
                .filter(object -> selector.matches(object.labels()))
                .toList();
    }
}
