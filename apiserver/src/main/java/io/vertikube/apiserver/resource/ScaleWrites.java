package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.apply.ServerSideApply;
import io.vertikube.apiserver.front.MediaType;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.patch.MergePatch;
import io.vertikube.apiserver.patch.StrategicMergePatch;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The {@code scale} subresource: a workload seen as a number of replicas ({@code autoscaling/v1} Scale). What is written
 * to it is an update of the workload. Runs on virtual threads, safe for any.
 */
final class ScaleWrites {

    static final Gvk SCALE = new Gvk("autoscaling", "v1", "Scale");

    private final WritePipeline pipeline;
    private final Attempts attempts;

    ScaleWrites(WritePipeline pipeline, Attempts attempts) {
        this.pipeline = pipeline;
        this.attempts = attempts;
    }

    /** The Scale of a workload. */
    static ObjectNode scale(ObjectNode workload, ScalePaths paths) {
        JsonNode wanted = at(workload, paths.specReplicas());
        if (paths.mustBeThere() && !wanted.isNumber()) {
            throw ApiErrors.internal(
                    "the spec replicas field \"." + String.join(".", paths.specReplicas()) + "\" does not exist");
        }
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", SCALE.kind());
        scale.put("apiVersion", SCALE.apiVersion());
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = workload.path("metadata").path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        long replicas = wanted.asLong(0);
        if (replicas != 0) {
            spec.put("replicas", replicas);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", at(workload, paths.statusReplicas()).asLong(0));
        String selector = paths.selector().isEmpty() ? "" : selector(at(workload, paths.selector()));
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    /** Takes what a Scale says of its workload; a number below zero is refused before. */
    static void take(ObjectNode scale, ObjectNode workload, ScalePaths paths) {
        put(workload, paths.specReplicas(), scale.path("spec").path("replicas").asInt(0));
    }

    Written update(Write write, byte[] body, String contentType) {
        ObjectNode wanted = pipeline.intake().other(body, contentType, SCALE, write.options());
        return attempts.onCurrent(write, stored -> scaled(write, stored, wanted));
    }

    Written patch(Write write, byte[] body, String contentType) {
        String type = MediaType.of(contentType).type();
        JsonNode patch =
                pipeline.intake().tree(body, type.equals(PatchWrites.APPLY) ? "application/yaml" : "application/json");
        if (type.equals(PatchWrites.APPLY)) {
            return attempts.onCurrent(write, stored -> applied(write, stored, patch));
        }
        return attempts.onCurrent(write, stored -> {
            ObjectNode scale = scale(stored.tree(), write.strategy().scalePaths());
            JsonNode wanted =
                    switch (type) {
                        case PatchWrites.JSON -> JsonPatch.apply(scale, patch);
                        case PatchWrites.MERGE -> MergePatch.apply(scale, patch);
                        case PatchWrites.STRATEGIC ->
                            StrategicMergePatch.apply(
                                    scale, patch, pipeline.intake().schema(SCALE));
                        default -> throw PatchWrites.unsupported();
                    };
            return scaled(write, stored, wanted);
        });
    }

    /** An applied Scale states one field of its workload, and conflicts with whoever else states that. */
    private Written applied(Write write, StoredObject stored, JsonNode scale) {
        String version = scale.path("apiVersion").asText();
        if (!version.equals(SCALE.apiVersion()) || !scale.path("kind").asText().equals(SCALE.kind())) {
            throw ApiErrors.badRequest("Incorrect version specified in apply patch. Specified patch version: " + version
                    + ", expected: " + SCALE.apiVersion());
        }
        ScalePaths paths = write.strategy().scalePaths();
        ObjectNode config = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", write.type().apiVersion())
                .put("kind", write.type().kind());
        ObjectNode metadata = config.putObject("metadata");
        for (String field : List.of("name", "namespace", "resourceVersion")) {
            JsonNode value = scale.path("metadata").path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        if (scale.path("spec").has("replicas")) {
            put(config, paths.specReplicas(), replicas(write, scale));
        }
        ObjectNode merged = ServerSideApply.apply(
                stored.tree(),
                config,
                pipeline.intake().schema(write.type().gvk()),
                write.writer(),
                write.options().force());
        Written written = pipeline.update(write, stored, pipeline.intake().applied(merged, write), true);
        return new Written(scale(written.tree(), paths), null, false);
    }

    private Written scaled(Write write, StoredObject stored, JsonNode wanted) {
        int count = replicas(write, wanted);
        ObjectNode workload = stored.tree();
        put(workload, write.strategy().scalePaths().specReplicas(), count);
        ObjectNode metadata = SystemFields.metadata(workload);
        @Nullable JsonNode revision = wanted.path("metadata").get("resourceVersion");
        if (revision == null) {
            metadata.remove("resourceVersion");
        } else {
            metadata.set("resourceVersion", revision);
        }
        Written written = pipeline.update(write, stored, workload, false);
        return new Written(scale(written.tree(), write.strategy().scalePaths()), null, false);
    }

    /** What a Scale says, if it is the one that the URL names. */
    private static int replicas(Write write, JsonNode wanted) {
        JsonNode replicas = wanted.path("spec").path("replicas");
        if (!replicas.isMissingNode()
                && !replicas.isNull()
                && !(replicas.isIntegralNumber() && replicas.canConvertToInt())) {
            throw ApiErrors.badRequest(
                    "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas is no number of type int32");
        }
        int count = replicas.asInt(0);
        String name = wanted.path("metadata").path("name").asText(write.name());
        if (!name.equals(write.name())) {
            throw ApiErrors.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + write.name() + ")");
        }
        if (count < 0) {
            throw ApiErrors.invalid(
                    SCALE,
                    write.name(),
                    List.of(FieldError.invalid("spec.replicas", count, "must be greater than or equal to 0")));
        }
        return count;
    }

    private static JsonNode at(JsonNode object, List<String> path) {
        JsonNode at = object;
        for (String field : path) {
            at = at.path(field);
        }
        return at;
    }

    private static void put(ObjectNode object, List<String> path, int value) {
        ObjectNode at = object;
        for (String field : path.subList(0, path.size() - 1)) {
            at = Trees.object(at, field);
        }
        at.put(path.getLast(), value);
    }

    /** A label selector, or the plain map of a ReplicationController, as the text that lists take. */
    private static String selector(JsonNode selector) {
        if (selector.isTextual()) {
            return selector.textValue();
        }
        if (selector.has("matchLabels") || selector.has("matchExpressions")) {
            String labels = joined(Trees.strings(selector.path("matchLabels")));
            StringBuilder text = new StringBuilder(labels);
            for (JsonNode expression : selector.path("matchExpressions")) {
                text.append(text.isEmpty() ? "" : ",").append(term(expression));
            }
            return text.toString();
        }
        return joined(Trees.strings(selector));
    }

    private static String term(JsonNode expression) {
        String key = expression.path("key").asText();
        String values = "(" + String.join(",", Trees.texts(expression.path("values"))) + ")";
        return switch (expression.path("operator").asText()) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }

    private static String joined(Map<String, String> labels) {
        return labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
