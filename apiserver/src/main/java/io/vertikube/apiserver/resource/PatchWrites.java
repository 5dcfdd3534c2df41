package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.apply.ServerSideApply;
import io.vertikube.apiserver.front.MediaType;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.patch.MergePatch;
import io.vertikube.apiserver.patch.StrategicMergePatch;
import io.vertikube.apiserver.storage.KeyExists;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import java.util.List;
import java.util.Optional;

/**
 * PATCH in its four kinds: the stored object is changed as the patch says and goes on through {@link WritePipeline} as an
 * update. Tried again when others write at the same time. Runs on virtual threads, safe for any.
 */
final class PatchWrites {

    static final String JSON = "application/json-patch+json";
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    private final WritePipeline pipeline;
    private final Attempts attempts;

    PatchWrites(WritePipeline pipeline, Attempts attempts) {
        this.pipeline = pipeline;
        this.attempts = attempts;
    }

    static boolean isApply(String contentType) {
        return MediaType.of(contentType).type().equals(APPLY);
    }

    Written patch(Write write, byte[] body, String contentType) {
        String type = MediaType.of(contentType).type();
        boolean strategic = write.strategy().allowStrategicMerge();
        if (type.equals(STRATEGIC) && !strategic) {
            throw unsupported(List.of(JSON, MERGE, APPLY));
        }
        return switch (type) {
            case APPLY -> apply(write, body);
            case JSON, MERGE, STRATEGIC -> {
                JsonNode patch = pipeline.intake().tree(body, "application/json");
                yield attempts.onCurrent(write, stored -> {
                    ObjectNode changed = change(write, stored.tree(), patch, type);
                    return pipeline.update(write, stored, pipeline.intake().patched(changed, body, write), false);
                });
            }
            default -> throw unsupported();
        };
    }

    /** The tree after a patch that is no apply. */
    ObjectNode change(Write write, ObjectNode tree, JsonNode patch, String type) {
        JsonNode changed =
                switch (type) {
                    case JSON -> JsonPatch.apply(tree, patch);
                    case MERGE -> MergePatch.apply(tree, patch);
                    case STRATEGIC ->
                        StrategicMergePatch.apply(
                                tree,
                                patch,
                                pipeline.intake().schema(write.type().gvk()));
                    default -> throw unsupported();
                };
        if (changed instanceof ObjectNode object) {
            return object;
        }
        throw ApiErrors.badRequest("the patch leaves no object");
    }

    static io.vertikube.object.ApiException unsupported() {
        return unsupported(List.of(JSON, MERGE, STRATEGIC, APPLY));
    }

    private static io.vertikube.object.ApiException unsupported(List<String> accepted) {
        return ApiErrors.unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", accepted));
    }

    private Written apply(Write write, byte[] body) {
        JsonNode tree = pipeline.intake().tree(body, "application/yaml");
        if (!(tree instanceof ObjectNode config)) {
            throw ApiErrors.badRequest("error decoding YAML: an applied configuration is an object");
        }
        for (int attempt = 1; ; attempt++) {
            Optional<StoredObject> stored = attempts.find(write);
            try {
                return stored.isPresent() ? applied(write, stored.get(), config) : appliedFirst(write, config);
            } catch (RevisionMismatch | KeyExists e) {
                if (attempt == attempts.most()) {
                    throw ApiErrors.staleWrite(write.type().gvr(), write.name());
                }
            }
        }
    }

    private Written applied(Write write, StoredObject stored, ObjectNode config) {
        ObjectNode merged = ServerSideApply.apply(
                stored.tree(),
                config.deepCopy(),
                pipeline.intake().schema(write.type().gvk()),
                write.writer(),
                write.options().force());
        return pipeline.update(write, stored, pipeline.intake().applied(merged, write), true);
    }

    private Written appliedFirst(Write write, ObjectNode config) {
        if (!write.subresource().isEmpty()) {
            throw ApiErrors.notFound(write.type().gvr(), write.name());
        }
        String uid = SystemFields.text(config, "uid");
        if (!uid.isEmpty()) {
            throw ApiErrors.conflict(
                    write.type().gvr(),
                    write.name(),
                    "uid mismatch: the provided object specified uid " + uid + ", and no existing object was found");
        }
        // Appliers that want to create and never to change state any revision: it conflicts where there is an object.
        ObjectNode first = config.deepCopy();
        SystemFields.metadata(first).remove("resourceVersion");
        ObjectNode merged = ServerSideApply.apply(
                null,
                first,
                pipeline.intake().schema(write.type().gvk()),
                write.writer(),
                write.options().force());
        Placement.check(write, merged);
        return pipeline.create(write.named(""), pipeline.intake().applied(merged, write), true);
    }
}
