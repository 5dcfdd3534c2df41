package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pods run where their namespace's annotation says, and nowhere else. Off by default. */
final class PodNodeSelector implements AdmissionPlugin {

    static final String NAME = "PodNodeSelector";

    private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

    private final Stored stored;

    PodNodeSelector(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        Map<String, String> wanted = wanted(request);
        if (wanted.isEmpty()) {
            return;
        }
        refuseConflicts(request, wanted, spec);
        ObjectNode selector = Trees.object(spec, "nodeSelector");
        wanted.forEach(selector::put);
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE && request.isFor("", "pods")) {
            refuseConflicts(request, wanted(request), request.requireObject().path("spec"));
        }
    }

    private static void refuseConflicts(AdmissionRequest request, Map<String, String> wanted, JsonNode spec) {
        JsonNode selector = spec.path("nodeSelector");
        wanted.forEach((key, value) -> {
            if (selector.has(key) && !selector.path(key).asText().equals(value)) {
                throw ApiErrors.forbidden(
                        request.type().gvr(),
                        request.name(),
                        "pod node label selector conflicts with its namespace node label selector");
            }
        });
    }

    private Map<String, String> wanted(AdmissionRequest request) {
        String text = stored.setting("/registry/core/namespaces/" + request.namespace())
                .map(n ->
                        Trees.at(n, "metadata", "annotations").path(ANNOTATION).asText(""))
                .orElse("");
        var labels = new LinkedHashMap<String, String>();
        for (String pair : text.split(",", -1)) {
            String[] sides = pair.split("=", -1);
            if (sides.length == 2) {
                labels.put(sides[0].strip(), sides[1].strip());
            } else if (!pair.isBlank()) {
                throw ApiErrors.forbidden(
                        request.type().gvr(),
                        request.name(),
                        "the annotation " + ANNOTATION + " of the namespace is not of the form key=value: \"" + pair
                                + "\"");
            }
        }
        return labels;
    }
}
