package io.vertikube.kubelet.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.kubelet.volume.ClaimSource;
import io.vertikube.object.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Claims and volumes straight from the API. Safe for any thread; blocks. */
public final class ApiClaimSource implements ClaimSource {

    /** What a claim says while its volume grows. */
    private static final Set<String> OVER = Set.of("Resizing", "FileSystemResizePending");

    private final ApiClient client;

    public ApiClaimSource(ApiClient client) {
        this.client = client;
    }

    @Override
    public Optional<PersistentVolumeClaim> claim(String namespace, String name) {
        return client.of(PersistentVolumeClaim.class).find(namespace, name);
    }

    @Override
    public Optional<PersistentVolume> volume(String name) {
        return client.of(PersistentVolume.class).find("", name);
    }

    @Override
    public void grown(PersistentVolumeClaim claim, Quantity size) {
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status");
        status.putObject("capacity").put("storage", size.toString());
        ArrayNode conditions = status.putArray("conditions");
        for (PersistentVolumeClaimCondition condition :
                Optional.ofNullable(claim.getStatus().getConditions()).orElse(List.of())) {
            if (!OVER.contains(condition.getType())) {
                conditions.add(Json.mapper().<JsonNode>valueToTree(condition));
            }
        }
        client.of(PersistentVolumeClaim.class)
                .patch(
                        claim.getMetadata().getNamespace(),
                        claim.getMetadata().getName(),
                        PatchType.MERGE,
                        Json.bytes(patch),
                        "status");
    }
}
