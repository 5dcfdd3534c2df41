package io.vertikube.controller.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.controller.discovery.Discovery;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;

/** What an autoscaler scales, through its {@code scale} subresource. Blocks; immutable. */
record ScaleTarget(ApiClient client, String path, ObjectNode scale) {

    /**
     * Reads the scale of what a reference names.
     *
     * @throws Unmeasurable if there is no such resource, or it has no scale
     */
    static ScaleTarget read(
            ApiClient client, Discovery discovery, String namespace, CrossVersionObjectReference reference)
            throws Unmeasurable {
        ResourceType type = type(discovery, Fields.text(reference.getApiVersion()), reference.getKind());
        String path = type.objectPath(type.namespaced() ? namespace : "", reference.getName()) + "/scale";
        try {
            return new ScaleTarget(client, path, (ObjectNode) Json.tree(client.raw("GET", path, null, null)));
        } catch (ApiException e) {
            throw new Unmeasurable(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** The resource of a kind that is served. */
    static ResourceType type(Discovery discovery, String apiVersion, String kind) throws Unmeasurable {
        if (apiVersion.chars().filter(c -> c == '/').count() > 1) {
            throw new Unmeasurable(
                    "invalid API version in scale target reference: unexpected GroupVersion string: " + apiVersion);
        }
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return discovery
                .resource(apiVersion.isEmpty() ? "v1" : apiVersion, kind)
                .orElseThrow(() -> new Unmeasurable("unable to determine resource for scale target reference:"
                        + " no matches for kind \"" + kind + "\" in group \"" + group + "\""));
    }

    /** How many pods it is told to have. */
    int wanted() {
        return scale.path("spec").path("replicas").asInt();
    }

    /** How many it says it has. */
    int counted() {
        return scale.path("status").path("replicas").asInt();
    }

    /** The selector of its pods as text; empty if it names none. */
    String selector() {
        return scale.path("status").path("selector").asText("");
    }

    /** Tells it to have others; refused if it was changed since it was read. */
    void resize(int replicas) {
        ObjectNode changed = scale.deepCopy();
        changed.withObject("/spec").put("replicas", replicas);
        client.raw("PUT", path, "application/json", Json.bytes(changed));
    }
}
