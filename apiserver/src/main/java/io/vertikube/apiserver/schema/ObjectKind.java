package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;

/** Whether an object is of the kind that its path asks for. Pure functions. */
final class ObjectKind {

    private ObjectKind() {}

    /** Refuses another kind or version with 400; fills in what is missing. */
    static void check(ObjectNode tree, Gvk expected) {
        String apiVersion = text(tree, "apiVersion", expected);
        String kind = text(tree, "kind", expected);
        Gvk found = Gvk.of(
                apiVersion.isEmpty() ? expected.apiVersion() : apiVersion, kind.isEmpty() ? expected.kind() : kind);
        if (!found.kind().equals(expected.kind())) {
            throw ApiErrors.badRequest(Decoder.cannotBeHandled(
                    found, expected, "the body is a " + found.kind() + ", not a " + expected.kind()));
        }
        // Options may name the version of the resource that they are for: every group knows them.
        boolean options = expected.kind().endsWith("Options");
        if (!options && !found.apiVersion().equals(expected.apiVersion())) {
            throw ApiErrors.badRequest("the API version in the data (" + found.apiVersion()
                    + ") does not match the expected API version (" + expected.apiVersion() + ")");
        }
        if (apiVersion.isEmpty()) {
            tree.put("apiVersion", expected.apiVersion());
        }
        if (kind.isEmpty()) {
            tree.put("kind", expected.kind());
        }
    }

    private static String text(ObjectNode tree, String field, Gvk expected) {
        JsonNode value = tree.get(field);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw ApiErrors.badRequest("the object provided is unrecognized (must be of type " + expected.kind()
                    + "): couldn't get version/kind; json: cannot unmarshal " + Words.kindOf(value) + " into field "
                    + field + " of type string");
        }
        return value.textValue();
    }
}
