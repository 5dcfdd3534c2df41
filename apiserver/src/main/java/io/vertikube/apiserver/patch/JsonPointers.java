package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON pointers (RFC 6901) as JSON Patch needs them: where to read, and where to put or take away. Safe for any thread. */
final class JsonPointers {

    private JsonPointers() {}

    /** The unescaped steps of a pointer; empty for the whole document. */
    static List<String> steps(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (pointer.charAt(0) != '/') {
            throw PatchErrors.doesNotFit(pointer, "a path begins with '/': \"" + pointer + "\"");
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    /** What stands at the path, or null. */
    static @Nullable JsonNode find(JsonNode root, List<String> steps) {
        JsonNode at = root;
        for (String step : steps) {
            JsonNode next = child(at, step);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }

    static @Nullable JsonNode child(JsonNode parent, String step) {
        if (parent instanceof ArrayNode list) {
            int index = index(step);
            return index >= 0 ? list.get(index) : null;
        }
        return parent instanceof ObjectNode object ? object.get(step) : null;
    }

    /** A list index without sign or leading zeros; -1 if it is none. */
    static int index(String step) {
        if (step.isEmpty() || step.length() > 9 || (step.length() > 1 && step.charAt(0) == '0')) {
            return -1;
        }
        for (int i = 0; i < step.length(); i++) {
            if (step.charAt(i) < '0' || step.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(step);
    }
}
