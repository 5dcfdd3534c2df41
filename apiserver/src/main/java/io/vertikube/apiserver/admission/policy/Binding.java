package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.admission.match.Criteria;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.List;

/**
 * What puts a policy to work. Immutable to the eye.
 *
 * @param actions of validating policies: {@code Deny}, {@code Warn}, {@code Audit}
 */
record Binding(String name, String policy, Criteria criteria, JsonNode paramRef, List<String> actions) {

    static Binding of(StoredObject stored) {
        JsonNode spec = stored.tree().path("spec");
        return new Binding(
                stored.name(),
                spec.path("policyName").asText(),
                Criteria.ofBinding(spec.path("matchResources")),
                spec.path("paramRef"),
                Trees.texts(spec.path("validationActions")));
    }
}
