package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A pod refers only to the secrets that its account lists, where the account's annotation says so. Pure. */
final class MountableSecrets {

    private MountableSecrets() {}

    static void check(AdmissionRequest request, JsonNode spec, JsonNode account) {
        Set<String> mountable = names(account.path("secrets"));
        String name = Trees.text(account, "metadata", "name");
        for (JsonNode volume : spec.path("volumes")) {
            String secret = Trees.text(volume, "secret", "secretName");
            if (!secret.isEmpty() && !mountable.contains(secret)) {
                throw refuse(
                        request,
                        "volume with secret.secretName=\"" + secret
                                + "\" is not allowed because service account " + name
                                + " does not reference that secret");
            }
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (JsonNode container : spec.path(list)) {
                environment(request, list, container, mountable, name);
            }
        }
        Set<String> pullable = names(account.path("imagePullSecrets"));
        int index = 0;
        for (JsonNode secret : spec.path("imagePullSecrets")) {
            if (!pullable.contains(secret.path("name").asText())) {
                throw refuse(
                        request,
                        "imagePullSecrets[" + index + "].name=\""
                                + secret.path("name").asText() + "\" is not allowed because service account " + name
                                + " does not reference that imagePullSecret");
            }
            index++;
        }
    }

    private static void environment(
            AdmissionRequest request, String list, JsonNode container, Set<String> mountable, String account) {
        String what =
                switch (list) {
                    case "initContainers" -> "init container ";
                    case "ephemeralContainers" -> "ephemeral container ";
                    default -> "container ";
                };
        String where = what + container.path("name").asText();
        for (JsonNode env : container.path("env")) {
            String secret = Trees.text(env, "valueFrom", "secretKeyRef", "name");
            if (!secret.isEmpty() && !mountable.contains(secret)) {
                throw refuse(
                        request,
                        where + " with envVar " + env.path("name").asText() + " referencing secret.secretName=\""
                                + secret + "\" is not allowed because service account " + account
                                + " does not reference that secret");
            }
        }
        for (JsonNode from : container.path("envFrom")) {
            String secret = Trees.text(from, "secretRef", "name");
            if (!secret.isEmpty() && !mountable.contains(secret)) {
                throw refuse(
                        request,
                        where + " with envFrom referencing secret.secretName=\"" + secret
                                + "\" is not allowed because service account " + account
                                + " does not reference that secret");
            }
        }
    }

    private static Set<String> names(JsonNode references) {
        var names = new HashSet<String>();
        references.forEach(reference -> names.add(reference.path("name").asText()));
        return names;
    }

    private static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), why);
    }
}
