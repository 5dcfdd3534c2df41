package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import java.util.Optional;

/** Create and update by PUT: a body takes the way of {@link WritePipeline}. Runs on virtual threads, safe for any. */
final class ObjectWrites {

    private final WritePipeline pipeline;
    private final Attempts attempts;

    ObjectWrites(WritePipeline pipeline, Attempts attempts) {
        this.pipeline = pipeline;
        this.attempts = attempts;
    }

    Written create(Write write, byte[] body, String contentType) {
        return pipeline.create(write, pipeline.intake().object(body, contentType, write), false);
    }

    /** PUT; without a {@code resourceVersion} it replaces whatever is there. */
    Written update(Write write, byte[] body, String contentType) {
        ObjectNode decoded = pipeline.intake().object(body, contentType, write);
        boolean unconditional = SystemFields.text(decoded, "resourceVersion").isEmpty()
                || SystemFields.text(decoded, "resourceVersion").equals("0");
        for (int attempt = 1; ; attempt++) {
            Optional<StoredObject> stored = attempts.find(write);
            if (stored.isEmpty()) {
                if (write.strategy().allowCreateOnUpdate()
                        && write.subresource().isEmpty()) {
                    return created(write, decoded);
                }
                throw ApiErrors.notFound(write.type().gvr(), write.name());
            }
            try {
                return pipeline.update(write, stored.get(), decoded.deepCopy(), false);
            } catch (RevisionMismatch e) {
                if (!unconditional || attempt == attempts.most()) {
                    throw ApiErrors.staleWrite(write.type().gvr(), write.name());
                }
            }
        }
    }

    private Written created(Write write, ObjectNode object) {
        Placement.check(write, object);
        return pipeline.create(write.named(""), object, false);
    }
}
