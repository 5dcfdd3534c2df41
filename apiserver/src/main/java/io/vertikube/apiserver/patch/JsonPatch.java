package io.vertikube.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON Patch (RFC 6902): a list of operations, done in order, all or none. Copies may add a bounded number of bytes, so
 * that a small patch cannot grow into a large object (CVE-2019-1002100). Safe for any thread.
 */
public final class JsonPatch {

    /** The most operations of one patch. */
    static final int MAX_OPERATIONS = 10_000;

    /** How many bytes the copy operations of one patch may add together. */
    static final long MAX_COPIED_BYTES = 3L << 20;

    /** How deep values may be nested in what a patch makes: moves can nest deeper than any body may. */
    static final int MAX_DEPTH = 500;

    private JsonNode document;
    private long copiedBytes;

    private JsonPatch(JsonNode document) {
        this.document = document;
    }

    /**
     * The target with all operations done; shares nothing with the arguments. A patch that is no list of operations is
     * refused with 400, too many operations with 413, an operation that does not fit the target with 422.
     */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ArrayNode operations)) {
            throw PatchErrors.malformed("a JSON patch is a list of operations");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw ApiErrors.tooLarge("Request entity too large: The allowed maximum operations in a JSON patch is "
                    + MAX_OPERATIONS + ", got " + operations.size());
        }
        var run = new JsonPatch(target.deepCopy());
        for (JsonNode operation : operations) {
            run.run(operation);
        }
        refuseDeep(run.document, "");
        return run.document;
    }

    private void run(JsonNode operation) {
        if (!operation.isObject()) {
            throw PatchErrors.malformed("an operation of a JSON patch is an object, not " + operation);
        }
        String op = operation.path("op").asText();
        String path = required(operation, "path").asText();
        switch (op) {
            case "add" -> add(path, required(operation, "value").deepCopy());
            case "remove" -> remove(path, op);
            case "replace" -> replace(path, required(operation, "value").deepCopy());
            case "move" -> add(path, remove(required(operation, "from").asText(), op));
            case "copy" -> copy(required(operation, "from").asText(), path);
            case "test" -> test(path, operation.get("value"));
            default -> throw PatchErrors.doesNotFit(path, "Unexpected kind: " + op);
        }
    }

    private static JsonNode required(JsonNode operation, String member) {
        JsonNode value = operation.get(member);
        if (value == null) {
            throw PatchErrors.doesNotFit(
                    operation.path("path").asText(),
                    "operation \"" + operation.path("op").asText() + "\" needs \"" + member + "\"");
        }
        return value;
    }

    private void add(String path, JsonNode value) {
        List<String> steps = JsonPointers.steps(path);
        if (steps.isEmpty()) {
            document = value;
            return;
        }
        String last = steps.getLast();
        switch (parent(path, steps, "add")) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode list when last.equals("-") -> list.add(value);
            case ArrayNode list -> {
                int index = JsonPointers.index(last);
                if (index < 0 || index > list.size()) {
                    throw missing("add", path);
                }
                list.insert(index, value);
            }
            default -> throw missing("add", path);
        }
    }

    private JsonNode remove(String path, String op) {
        List<String> steps = JsonPointers.steps(path);
        if (steps.isEmpty()) {
            throw PatchErrors.doesNotFit(path, op + " operation does not apply to the whole document");
        }
        JsonNode gone =
                switch (parent(path, steps, op)) {
                    case ObjectNode object -> object.remove(steps.getLast());
                    case ArrayNode list -> {
                        int index = JsonPointers.index(steps.getLast());
                        yield index < 0 ? null : list.remove(index);
                    }
                    default -> null;
                };
        if (gone == null) {
            throw missing(op, path);
        }
        return gone;
    }

    private void replace(String path, JsonNode value) {
        List<String> steps = JsonPointers.steps(path);
        if (steps.isEmpty()) {
            document = value;
            return;
        }
        String last = steps.getLast();
        JsonNode parent = parent(path, steps, "replace");
        if (JsonPointers.child(parent, last) == null) {
            throw missing("replace", path);
        }
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (parent instanceof ArrayNode list) {
            list.set(JsonPointers.index(last), value);
        }
    }

    private void copy(String from, String path) {
        JsonNode source = JsonPointers.find(document, JsonPointers.steps(from));
        if (source == null) {
            throw missing("copy", from);
        }
        refuseDeep(source, path);
        copiedBytes += source.toString().length();
        if (copiedBytes > MAX_COPIED_BYTES) {
            throw PatchErrors.doesNotFit(
                    path,
                    "Unable to complete the copy, the accumulated size increase of copy is " + copiedBytes
                            + ", exceeding the limit " + MAX_COPIED_BYTES);
        }
        add(path, source.deepCopy());
    }

    /** Looks at one level after another: what is too deep must not be walked by recursion. */
    private static void refuseDeep(JsonNode value, String path) {
        List<JsonNode> level = List.of(value);
        for (int depth = 0; !level.isEmpty(); depth++) {
            if (depth > MAX_DEPTH) {
                throw PatchErrors.doesNotFit(path, "the result is nested deeper than " + MAX_DEPTH + " levels");
            }
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode container : level) {
                container.forEach(child -> {
                    if (child.isContainerNode()) {
                        next.add(child);
                    }
                });
            }
            level = next;
        }
    }

    private void test(String path, @Nullable JsonNode expected) {
        JsonNode found = JsonPointers.find(document, JsonPointers.steps(path));
        if (!same(orNull(found), orNull(expected))) {
            throw PatchErrors.doesNotFit(path, "testing path " + path + " failed: test failed");
        }
    }

    private static JsonNode orNull(@Nullable JsonNode value) {
        return value == null ? NullNode.getInstance() : value;
    }

    /** Numbers are compared by value: 1 is 1.0 and an int is a long. */
    private static boolean same(JsonNode found, JsonNode expected) {
        return found.equals(
                (a, b) -> a.isNumber() && b.isNumber()
                        ? a.decimalValue().compareTo(b.decimalValue())
                        : a.equals(b) ? 0 : 1,
                expected);
    }

    private JsonNode parent(String path, List<String> steps, String op) {
        JsonNode parent = JsonPointers.find(document, steps.subList(0, steps.size() - 1));
        if (parent == null) {
            throw missing(op, path);
        }
        return parent;
    }

    private static RuntimeException missing(String op, String path) {
        return PatchErrors.doesNotFit(path, op + " operation does not apply: doc is missing path: \"" + path + "\"");
    }
}
