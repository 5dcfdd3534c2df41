package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A built-in type with two versions, of which one is stored; what was stored in the other one is seen all the same.
 * Immutable.
 *
 * @param toOther from the stored version to the other one, in place or not
 * @param toStored the way back
 */
public record TwoVersions(
        String asked, String stored, UnaryOperator<ObjectNode> toOther, UnaryOperator<ObjectNode> toMain)
        implements Conversion {

    @Override
    public boolean isAsAsked(StoredObject object) {
        return object.startsWith(head(asked));
    }

    @Override
    public List<ObjectNode> asAsked(List<StoredObject> objects) {
        return objects.stream()
                .map(object -> {
                    ObjectNode tree = object.tree();
                    if (tree.path("apiVersion").asText().equals(asked)) {
                        return tree;
                    }
                    return versioned(asked.equals(stored) ? toMain.apply(tree) : toOther.apply(tree), asked);
                })
                .toList();
    }

    @Override
    public ObjectNode toStored(ObjectNode object) {
        return asked.equals(stored) ? object : versioned(toMain.apply(object.deepCopy()), stored);
    }

    @Override
    public ObjectNode fromStored(ObjectNode object) {
        return asked.equals(stored) ? object : versioned(toOther.apply(object), asked);
    }

    @Override
    public boolean isAsStored(StoredObject object) {
        return object.startsWith(head(stored));
    }

    private static ObjectNode versioned(ObjectNode tree, String apiVersion) {
        return tree.put("apiVersion", apiVersion);
    }

    private static byte[] head(String apiVersion) {
        return ("{\"apiVersion\":\"" + apiVersion + "\"").getBytes(StandardCharsets.UTF_8);
    }
}
