package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a volume needs read on the nodes that mount it. Immutable.
 *
 * @param claim the claim it is bound to, as {@code namespace/persistentvolumeclaims/name}
 * @param secrets as {@code namespace/name}
 */
record VolumeReferences(String claim, Set<String> secrets) {

    private static final List<String> FIELDS =
            List.of("nodeStageSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef");

    static VolumeReferences of(StoredObject stored) {
        JsonNode spec = stored.tree().path("spec");
        JsonNode claim = spec.path("claimRef");
        var secrets = new HashSet<String>();
        for (String field : FIELDS) {
            JsonNode reference = spec.path("csi").path(field);
            if (reference.isObject()) {
                secrets.add(reference.path("namespace").asText() + "/"
                        + reference.path("name").asText());
            }
        }
        return new VolumeReferences(
                claim.path("namespace").asText() + "/persistentvolumeclaims/"
                        + claim.path("name").asText(),
                Set.copyOf(secrets));
    }
}
