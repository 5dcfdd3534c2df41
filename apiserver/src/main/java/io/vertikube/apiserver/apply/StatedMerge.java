package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.ApiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration laid over an object without anybody claiming anything, as admission policies do. It may not
 * replace as a whole what is there already, because whoever wrote it cannot know what that is. Pure functions.
 */
public final class StatedMerge {

    private StatedMerge() {}

    /**
     * The object with what is stated; shares nothing with the arguments.
     *
     * @throws io.vertikube.object.ApiException 400 for what is not declared or would replace something as a whole
     */
    public static ObjectNode of(ObjectNode object, ObjectNode configuration, Schema schema) {
        List<String> mistakes =
                new ArrayList<>(ConfigFields.of(configuration, schema).mistakes());
        if (!mistakes.isEmpty()) {
            throw ApiErrors.badRequest("invalid ApplyConfiguration: " + String.join(", ", mistakes));
        }
        fields(configuration, object, schema, "", mistakes);
        if (!mistakes.isEmpty()) {
            throw ApiErrors.badRequest("invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                    + String.join(", ", mistakes));
        }
        return Merge.of(object, configuration, schema);
    }

    private static void fields(
            JsonNode stated, JsonNode live, @Nullable Schema schema, String path, List<String> atomic) {
        for (Map.Entry<String, JsonNode> field : stated.properties()) {
            String name = field.getKey();
            value(field.getValue(), live.path(name), Shapes.child(schema, name), path + "." + name, atomic);
        }
    }

    private static void value(
            JsonNode stated, JsonNode live, @Nullable Schema schema, String path, List<String> atomic) {
        if (!stated.isContainerNode() || !live.isContainerNode() || live.isEmpty()) {
            return;
        }
        if (Shapes.granularMap(stated, schema)) {
            fields(stated, live, schema, path, atomic);
        } else if (schema != null && Shapes.keyedList(stated, schema)) {
            Map<String, List<JsonNode>> there = Shapes.itemsByStep(live, schema);
            Shapes.itemsByStep(stated, schema)
                    .forEach((step, items) -> there.getOrDefault(step, List.of()).stream()
                            .findFirst()
                            .ifPresent(old -> fields(items.getLast(), old, Shapes.items(schema), path, atomic)));
        } else if (!stated.equals(live)) {
            atomic.add(path);
        }
    }
}
