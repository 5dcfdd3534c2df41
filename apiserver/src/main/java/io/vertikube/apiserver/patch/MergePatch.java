package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Merge Patch (RFC 7386): objects merge, null removes, everything else replaces. Safe for any thread. */
public final class MergePatch {

    private MergePatch() {}

    /**
     * The target with the patch applied; shares nothing with the arguments.
     *
     * @param patch a JSON object; anything else is refused with 400
     */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            throw PatchErrors.malformed("Invalid JSON Patch");
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        mergeInto(result, changes);
        return result;
    }

    private static void mergeInto(ObjectNode target, ObjectNode changes) {
        for (var change : changes.properties()) {
            JsonNode value = change.getValue();
            if (value.isNull()) {
                target.remove(change.getKey());
            } else if (value instanceof ObjectNode inner) {
                mergeInto(
                        target.get(change.getKey()) instanceof ObjectNode existing
                                ? existing
                                : target.putObject(change.getKey()),
                        inner);
            } else {
                target.set(change.getKey(), value.deepCopy());
            }
        }
    }
}
