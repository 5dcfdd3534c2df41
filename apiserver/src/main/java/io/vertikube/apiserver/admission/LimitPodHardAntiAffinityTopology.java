package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.ApiErrors;

/** Required anti-affinity of pods counts by host name only. Off by default. */
final class LimitPodHardAntiAffinityTopology implements AdmissionPlugin {

    static final String NAME = "LimitPodHardAntiAffinityTopology";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.isFor("", "pods")) {
            return;
        }
        JsonNode terms = Trees.at(request.requireObject(), "spec", "affinity", "podAntiAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution");
        for (JsonNode term : terms) {
            String key = term.path("topologyKey").asText();
            if (!key.equals("kubernetes.io/hostname")) {
                throw ApiErrors.forbidden(
                        request.type().gvr(),
                        request.name(),
                        "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + key
                                + " but only key kubernetes.io/hostname is allowed");
            }
        }
    }
}
