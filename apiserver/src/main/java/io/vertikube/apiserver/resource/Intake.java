package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.apply.EmptyObject;
import io.vertikube.apiserver.resource.WriteOptions.FieldValidation;
import io.vertikube.apiserver.schema.Decoded;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Defaulter;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The first steps of a write: bytes or a patched tree become an object of its kind with its defaults. Safe for any thread. */
final class Intake {

    private static final int SHOWN_PATCH = 1_000;

    private final Decoder decoder;
    private final Schemas schemas;
    private final Map<Schema, ObjectNode> empties = new ConcurrentHashMap<>();

    Intake(Decoder decoder, Schemas schemas) {
        this.decoder = decoder;
        this.schemas = schemas;
    }

    Schema schema(Gvk kind) {
        return schemas.of(kind)
                .orElseThrow(() -> ApiErrors.badRequest(
                        "no kind \"" + kind.kind() + "\" is registered for version \"" + kind.apiVersion() + "\""));
    }

    /** What an object of a kind holds before anybody has written a field; to be read only. */
    ObjectNode empty(Schema schema) {
        return EmptyObject.isKnown(schema) ? empties.computeIfAbsent(schema, EmptyObject::of) : EmptyObject.of(schema);
    }

    /** A request's body as an object of the write's kind. */
    ObjectNode object(byte[] body, String contentType, Write write) {
        Gvk kind = write.type().gvk();
        Decoded decoded = decoder.decode(body, contentType, kind);
        if (write.options().validation() == FieldValidation.STRICT) {
            decoded.refuseStrict(kind);
        }
        warn(write, decoded.strictErrors());
        return defaulted(decoded.object(), write);
    }

    /** A body of another kind than the resource's own, such as a Binding: checked, with the schema's defaults. */
    ObjectNode other(byte[] body, String contentType, Gvk kind, WriteOptions options) {
        return checked(decoder.decode(body, contentType, kind), kind, options);
    }

    /**
     * As {@link #other}, of a kind that an older version of its group had in the same shape: kubectl before 1.22 drains
     * nodes with Evictions of {@code policy/v1beta1}.
     */
    ObjectNode otherOrOlder(byte[] body, String contentType, Gvk kind, String olderVersion, WriteOptions options) {
        if (!contentType.contains("protobuf")
                && decoder.tree(body, contentType) instanceof ObjectNode tree
                && tree.path("apiVersion").asText().equals(olderVersion)) {
            tree.put("apiVersion", kind.apiVersion());
            return checked(decoder.convert(tree, kind), kind, options);
        }
        return other(body, contentType, kind, options);
    }

    private ObjectNode checked(Decoded decoded, Gvk kind, WriteOptions options) {
        if (options.validation() == FieldValidation.STRICT) {
            decoded.refuseStrict(kind);
        }
        Defaulter.applyDefaults(schema(kind), decoded.object());
        return decoded.object();
    }

    /** A body of a kind without its defaults. */
    ObjectNode untouched(byte[] body, String contentType, Gvk kind) {
        return decoder.decode(body, contentType, kind).object();
    }

    /** A body of any shape. */
    JsonNode tree(byte[] body, String contentType) {
        return decoder.tree(body, contentType);
    }

    /** What a patch made of an object, as an object of its kind again; what is wrong is said of the patch. */
    ObjectNode patched(ObjectNode tree, byte[] patch, Write write) {
        Decoded decoded;
        try {
            decoded = decoder.convert(tree, write.type().gvk());
        } catch (ApiException e) {
            throw e.code() == 400 ? ofPatch(patch, String.valueOf(e.getMessage())) : e;
        }
        if (write.options().validation() == FieldValidation.STRICT
                && !decoded.strictErrors().isEmpty()) {
            throw ofPatch(patch, "strict decoding error: " + String.join(", ", decoded.strictErrors()));
        }
        warn(write, decoded.strictErrors());
        return defaulted(decoded.object(), write);
    }

    /** What a server-side apply made of an object: its schema has been kept, its values become canonical. */
    ObjectNode applied(ObjectNode merged, Write write) {
        return defaulted(decoder.convert(merged, write.type().gvk()).object(), write);
    }

    /** Fills in what the schema and the kind's rules default. */
    ObjectNode defaulted(ObjectNode object, Write write) {
        Schema schema = schema(write.type().gvk());
        Defaulter.applyDefaults(schema, object);
        write.strategy().applyDefaults(object);
        return object;
    }

    private static void warn(Write write, List<String> problems) {
        if (write.options().validation() == FieldValidation.WARN) {
            problems.forEach(write.warn());
        }
    }

    private static ApiException ofPatch(byte[] patch, String why) {
        String shown =
                new String(patch, 0, Math.min(patch.length, SHOWN_PATCH), java.nio.charset.StandardCharsets.UTF_8);
        return ApiErrors.invalid(new Gvk("", "", ""), "", List.of(FieldError.invalid("patch", shown, why)));
    }
}
