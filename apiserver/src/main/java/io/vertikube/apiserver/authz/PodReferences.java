package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one pod needs read on its node, as {@code plural/name} in the pod's namespace. Immutable.
 *
 * @param node where the pod runs; empty if nowhere yet
 */
public record PodReferences(String namespace, String node, Set<String> names) {

    static PodReferences of(StoredObject stored) {
        JsonNode spec = stored.tree().path("spec");
        String node = spec.path("nodeName").asText("");
        if (node.isEmpty()) {
            return new PodReferences(stored.namespace(), "", Set.of());
        }
        return new PodReferences(stored.namespace(), node, names(spec, stored.name()));
    }

    /** What the spec of a pod of this name refers to, as {@code plural/name}. */
    public static Set<String> names(JsonNode spec, String pod) {
        var names = new HashSet<String>();
        add(names, "serviceaccounts", spec.path("serviceAccountName"));
        spec.path("imagePullSecrets").forEach(s -> add(names, "secrets", s.path("name")));
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec.path(list).forEach(container -> environment(names, container));
        }
        spec.path("volumes").forEach(volume -> volume(names, volume, pod));
        return Set.copyOf(names);
    }

    private static void environment(Set<String> names, JsonNode container) {
        for (JsonNode env : container.path("env")) {
            add(names, "secrets", Trees.at(env, "valueFrom", "secretKeyRef", "name"));
            add(names, "configmaps", Trees.at(env, "valueFrom", "configMapKeyRef", "name"));
        }
        for (JsonNode from : container.path("envFrom")) {
            add(names, "secrets", Trees.at(from, "secretRef", "name"));
            add(names, "configmaps", Trees.at(from, "configMapRef", "name"));
        }
    }

    private static void volume(Set<String> names, JsonNode volume, String pod) {
        add(names, "secrets", Trees.at(volume, "secret", "secretName"));
        add(names, "configmaps", Trees.at(volume, "configMap", "name"));
        add(names, "persistentvolumeclaims", Trees.at(volume, "persistentVolumeClaim", "claimName"));
        for (String driver : List.of("cephfs", "flexVolume", "rbd", "scaleIO", "storageos", "iscsi")) {
            add(names, "secrets", Trees.at(volume, driver, "secretRef", "name"));
        }
        add(names, "secrets", Trees.at(volume, "csi", "nodePublishSecretRef", "name"));
        add(names, "secrets", Trees.at(volume, "azureFile", "secretName"));
        if (volume.has("ephemeral")) {
            names.add(
                    "persistentvolumeclaims/" + pod + "-" + volume.path("name").asText());
        }
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(names, "secrets", Trees.at(source, "secret", "name"));
            add(names, "configmaps", Trees.at(source, "configMap", "name"));
        }
    }

    private static void add(Set<String> names, String plural, JsonNode name) {
        if (name.isTextual() && !name.textValue().isEmpty()) {
            names.add(plural + "/" + name.textValue());
        }
    }
}
