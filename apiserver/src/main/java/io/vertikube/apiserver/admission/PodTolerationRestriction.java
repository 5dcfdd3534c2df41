package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.value.PodResources;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Pods get their namespace's tolerations, and no others than it allows. Off by default. */
final class PodTolerationRestriction implements AdmissionPlugin {

    static final String NAME = "PodTolerationRestriction";

    private static final String DEFAULTS = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private static final String ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    private final Stored stored;

    PodTolerationRestriction(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes || !request.isFor("", "pods")) {
            return;
        }
        ObjectNode spec = Trees.object(request.requireObject(), "spec");
        if (request.operation() == Operation.CREATE) {
            merge(request, spec, annotated(request, DEFAULTS));
            if (!PodResources.bestEffort(spec)) {
                ObjectNode pressure = Trees.newObject();
                pressure.put("key", "node.kubernetes.io/memory-pressure")
                        .put("operator", "Exists")
                        .put("effect", "NoSchedule");
                add(Trees.array(spec, "tolerations"), pressure);
            }
        }
        allowedOnly(request, spec);
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (writes && request.isFor("", "pods")) {
            allowedOnly(request, request.requireObject().path("spec"));
        }
    }

    private static void merge(AdmissionRequest request, ObjectNode spec, JsonNode defaults) {
        for (JsonNode toleration : defaults) {
            for (JsonNode own : spec.path("tolerations")) {
                boolean sameTaint = own.path("key").equals(toleration.path("key"))
                        && own.path("effect").equals(toleration.path("effect"));
                if (sameTaint && !Trees.equal(own, toleration)) {
                    throw refuse(request, "namespace tolerations and pod tolerations conflict");
                }
            }
            add(Trees.array(spec, "tolerations"), toleration);
        }
    }

    private static void add(ArrayNode tolerations, JsonNode toleration) {
        for (JsonNode own : tolerations) {
            if (Trees.equal(own, toleration)) {
                return;
            }
        }
        tolerations.add(toleration.deepCopy());
    }

    private void allowedOnly(AdmissionRequest request, JsonNode spec) {
        JsonNode allowed = annotated(request, ALLOWED);
        if (allowed.isEmpty()) {
            return;
        }
        for (JsonNode toleration : spec.path("tolerations")) {
            boolean covered = false;
            for (JsonNode one : allowed) {
                covered |= covers(one, toleration);
            }
            if (!covered) {
                throw refuse(
                        request,
                        "pod tolerations (possibly merged with namespace default tolerations) conflict with its"
                                + " namespace whitelist");
            }
        }
    }

    private static boolean covers(JsonNode allowed, JsonNode toleration) {
        boolean key = allowed.path("key").asText("").isEmpty()
                || allowed.path("key").asText().equals(toleration.path("key").asText(""));
        boolean effect = allowed.path("effect").asText("").isEmpty()
                || allowed.path("effect")
                        .asText()
                        .equals(toleration.path("effect").asText(""));
        boolean value = allowed.path("operator").asText("Equal").equals("Exists")
                || (!toleration.path("operator").asText("Equal").equals("Exists")
                        && allowed.path("value")
                                .asText("")
                                .equals(toleration.path("value").asText("")));
        return key && effect && value;
    }

    private JsonNode annotated(AdmissionRequest request, String annotation) {
        String text = stored.setting("/registry/core/namespaces/" + request.namespace())
                .map(n ->
                        Trees.at(n, "metadata", "annotations").path(annotation).asText(""))
                .orElse("");
        if (text.isEmpty()) {
            return Trees.arrayOf(List.of());
        }
        try {
            return Json.tree(text.getBytes(StandardCharsets.UTF_8));
        } catch (UncheckedIOException e) {
            throw refuse(request, "the annotation " + annotation + " of the namespace is not JSON");
        }
    }

    private static ApiException refuse(AdmissionRequest request, String why) {
        return ApiErrors.forbidden(request.type().gvr(), request.name(), why);
    }
}
