package io.vertikube.controller.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.object.Json;
import java.util.List;

/**
 * The beginning of a merge patch that holds for one object as it was seen: with its uid and resourceVersion it is refused by any
 * other object and by any newer one. Pure.
 */
public final class FencedPatch {
    private FencedPatch() {}

    public static ObjectNode of(ObjectMeta seen) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").put("uid", seen.getUid()).put("resourceVersion", seen.getResourceVersion());
        return patch;
    }

    /** One that sets an annotation. */
    public static ObjectNode annotating(ObjectMeta seen, String key, String value) {
        ObjectNode patch = of(seen);
        patch.withObject("/metadata").putObject("annotations").put(key, value);
        return patch;
    }

    /** One that sets all owners. */
    public static ObjectNode owning(ObjectMeta seen, List<OwnerReference> owners) {
        ObjectNode patch = of(seen);
        ArrayNode list = patch.withObject("/metadata").putArray("ownerReferences");
        owners.forEach(owner -> list.add(Json.tree(Json.bytes(owner))));
        return patch;
    }
}
