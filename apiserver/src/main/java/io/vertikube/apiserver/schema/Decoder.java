package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies. Decoding is two steps, open to callers one by one: bytes to a tree ({@link #tree}), and a tree to
 * an object of a kind ({@link #convert}), which a patch needs for its result. Safe for any thread.
 */
public final class Decoder {

    private final Schemas schemas;
    private final BodyReader reader;

    /** Reads JSON and YAML. */
    public Decoder(Schemas schemas) {
        this(schemas, DecodeLimits.DEFAULT, null);
    }

    /** @param binary reads protobuf bodies as well; without it they are refused with 415 */
    public Decoder(Schemas schemas, DecodeLimits limits, @Nullable BinaryReader binary) {
        this.schemas = schemas;
        this.reader = new BodyReader(limits, binary);
    }

    /**
     * A body as an object of the expected kind. A body without {@code apiVersion} and {@code kind} gets them.
     *
     * @param contentType the request's header, parameters allowed; empty means JSON
     * @throws ApiException 400 for a body that is none (syntax, other kind, wrong types, bad quantity), 413 and 415
     */
    public Decoded decode(byte[] body, String contentType, Gvk expected) {
        BodyReader.ObjectBody read = reader.object(body, contentType, expected);
        List<String> problems = new ArrayList<>(read.duplicates());
        Decoded converted = convert(read.object(), expected);
        problems.addAll(converted.strictErrors());
        return new Decoded(converted.object(), problems);
    }

    /** A body as a tree of any shape, knowing no kind: patches in JSON and apply configurations in YAML. */
    public JsonNode tree(byte[] body, String contentType) {
        return reader.tree(body, contentType).tree();
    }

    /**
     * Makes a tree an object of its kind, in place: checks kind and types, canonicalises, drops nulls and unknown
     * fields, and reports the latter.
     *
     * @throws ApiException 400 for another kind or a wrong type
     */
    public Decoded convert(ObjectNode tree, Gvk expected) {
        ObjectKind.check(tree, expected);
        Schema schema = schemas.of(expected)
                .orElseThrow(() -> ApiErrors.badRequest("no kind \"" + expected.kind()
                        + "\" is registered for version \"" + expected.apiVersion() + "\""));
        // Only built-in types have names; values of custom ones are judged by validation, and answered with 422.
        try {
            if (schema.definition().isEmpty()) {
                TypeChecker.checkNamed(schema, tree);
            } else {
                TypeChecker.check(schema, tree);
            }
        } catch (TypeChecker.WrongType e) {
            throw ApiErrors.badRequest(cannotBeHandled(expected, expected, e.sentence()));
        }
        List<String> unknown = new ArrayList<>();
        for (String path : Pruner.prune(schema, tree)) {
            unknown.add("unknown field \"" + path + "\"");
        }
        return new Decoded(tree, unknown);
    }

    static String cannotBeHandled(Gvk found, Gvk expected, String why) {
        return found.kind() + " in version \"" + found.version() + "\" cannot be handled as a " + expected.kind() + ": "
                + why;
    }
}
