package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.Map;

/** What a pod's runtime class costs and where it can run, copied into the pod (KEP-585, KEP-688). */
final class RuntimeClassAdmission implements AdmissionPlugin {

    private final Stored stored;

    RuntimeClassAdmission(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        String name = spec.path("runtimeClassName").asText("");
        if (name.isEmpty()) {
            if (!spec.path("overhead").isEmpty()) {
                throw refuse(request, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
            return;
        }
        ObjectNode runtimeClass = stored.setting("/registry/node.k8s.io/runtimeclasses/" + name)
                .orElseThrow(() -> refuse(request, "RuntimeClass \"" + name + "\" not found"));
        overhead(request, spec, Trees.at(runtimeClass, "overhead", "podFixed"));
        scheduling(request, spec, runtimeClass.path("scheduling"));
    }

    private static void overhead(AdmissionRequest request, ObjectNode spec, JsonNode fixed) {
        if (spec.path("overhead").isEmpty()) {
            if (!fixed.isEmpty()) {
                spec.set("overhead", fixed.deepCopy());
            }
        } else if (!spec.path("overhead").equals(fixed)) {
            throw refuse(request, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
    }

    private static void scheduling(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        Map<String, String> wanted = Trees.strings(scheduling.path("nodeSelector"));
        if (!wanted.isEmpty()) {
            ObjectNode selector = Trees.object(spec, "nodeSelector");
            wanted.forEach((key, value) -> {
                if (selector.has(key) && !selector.path(key).asText().equals(value)) {
                    throw refuse(
                            request,
                            "conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value
                                    + "; pod.spec.nodeSelector[" + key + "] = "
                                    + selector.path(key).asText());
                }
                selector.put(key, value);
            });
        }
        for (JsonNode toleration : scheduling.path("tolerations")) {
            ArrayNode tolerations = Trees.array(spec, "tolerations");
            boolean there = false;
            for (JsonNode own : tolerations) {
                there |= own.equals(toleration);
            }
            if (!there) {
                tolerations.add(toleration.deepCopy());
            }
        }
    }

    private static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), "pod rejected: " + why);
    }
}
