package io.vertikube.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Answer;
import io.vertikube.apiserver.schema.BinaryReader;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What went in and out as trees. What cannot be read (a body that is refused for it, logs, streams) is left out. Safe for
 * any thread.
 */
final class AuditBodies {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final Gvk UNKNOWN = new Gvk("", "", "");

    private final Decoder decoder = new Decoder(type -> Optional.empty());
    private final BinaryReader binary;

    AuditBodies(BinaryReader binary) {
        this.binary = binary;
    }

    @Nullable
    JsonNode sent(byte[] body, AuditEvent.Subject subject) {
        if (body.length == 0) {
            return null;
        }
        try {
            return subject.contentType().startsWith(PROTOBUF)
                    ? binary.read(body, UNKNOWN)
                    : decoder.tree(body, subject.contentType());
        } catch (ApiException e) {
            return null;
        }
    }

    @Nullable
    JsonNode answered(Answer answer) {
        return switch (answer.body()) {
            case Answer.Body.Tree form -> form.tree();
            case Answer.Body.Bytes bytes -> {
                try {
                    yield answer.contentType().startsWith(Answer.JSON)
                            ? JsonTrees.read(bytes.buffer().getBytes())
                            : null;
                } catch (IOException e) {
                    yield null;
                }
            }
        };
    }

    /** As it is told: without what says who set which field, where the policy wants that left out. */
    static JsonNode shown(JsonNode body, boolean lean) {
        if (!lean || !(body instanceof ObjectNode)) {
            return body;
        }
        ObjectNode copy = body.deepCopy();
        strip(copy);
        copy.path("items").forEach(AuditBodies::strip);
        return copy;
    }

    private static void strip(JsonNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
    }
}
