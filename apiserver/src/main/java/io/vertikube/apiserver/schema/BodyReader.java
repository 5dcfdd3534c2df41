package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From bytes and a media type to a tree, with the duplicate fields it met, and the refusals for bodies that are none.
 * Safe for any thread.
 */
final class BodyReader {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String ACCEPTED = "the body of the request was in an unknown format - accepted media types "
            + "include: application/json, application/yaml";

    private static final int SHOWN_BYTES = 30;

    /** A tree with the strict errors for its duplicate fields. */
    record Body(JsonNode tree, List<String> duplicates) {}

    /** A body that is no JSON or YAML, or too costly a one; the message says why. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    private final DecodeLimits limits;
    private final @Nullable BinaryReader binary;
    private final JsonFactory factory;

    BodyReader(DecodeLimits limits, @Nullable BinaryReader binary) {
        this.limits = limits;
        this.binary = binary;
        this.factory = JsonBody.factory(limits);
    }

    /** A body that must be one object; names the expected kind in what it refuses. */
    ObjectBody object(byte[] body, String contentType, Gvk expected) {
        if (binary != null && mediaType(contentType).equals(PROTOBUF)) {
            refuseTooLarge(body);
            return new ObjectBody(binary.read(body, expected), List.of());
        }
        Body read;
        try {
            read = read(body, contentType);
        } catch (Unreadable e) {
            throw ApiErrors.badRequest("the object provided is unrecognized (must be of type " + expected.kind() + "): "
                    + e.getMessage() + " (" + shown(body) + ")");
        }
        if (!(read.tree() instanceof ObjectNode object)) {
            throw ApiErrors.badRequest("the object provided is unrecognized (must be of type " + expected.kind()
                    + "): the body is no object but " + Words.kindOf(read.tree()) + " (" + shown(body) + ")");
        }
        return new ObjectBody(object, read.duplicates());
    }

    /** An object with the strict errors for its duplicate fields. */
    record ObjectBody(ObjectNode object, List<String> duplicates) {}

    /** Any body, with no kind to name: patches too, which are no objects. */
    Body tree(byte[] body, String contentType) {
        String type =
                switch (mediaType(contentType)) {
                    case "application/merge-patch+json",
                            "application/json-patch+json",
                            "application/strategic-merge-patch+json" -> "application/json";
                    case "application/apply-patch+yaml" -> "application/yaml";
                    default -> contentType;
                };
        try {
            return read(body, type);
        } catch (Unreadable e) {
            throw ApiErrors.badRequest("error decoding the body: " + e.getMessage());
        }
    }

    private Body read(byte[] body, String contentType) throws Unreadable {
        refuseTooLarge(body);
        return switch (mediaType(contentType)) {
            case "", "application/json" -> JsonBody.read(body, factory, limits);
            case "application/yaml", "application/x-yaml", "text/yaml" -> YamlBody.read(body, limits);
            default -> throw ApiErrors.unsupportedMediaType(binary == null ? ACCEPTED : ACCEPTED + ", " + PROTOBUF);
        };
    }

    private void refuseTooLarge(byte[] body) {
        if (body.length > limits.bodyBytes()) {
            throw ApiErrors.tooLarge(
                    "Request entity too large: limit is " + limits.bodyBytes() + ", the body has " + body.length);
        }
    }

    static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        String bare = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return bare.strip().toLowerCase(Locale.ROOT);
    }

    private static String shown(byte[] body) {
        if (body.length <= SHOWN_BYTES) {
            return new String(body, StandardCharsets.UTF_8);
        }
        return new String(body, 0, SHOWN_BYTES, StandardCharsets.UTF_8) + " ...";
    }
}
