package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.format.Equality;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists of type {@code set} and {@code map} hold nothing twice. Pure functions. */
final class ListTypes {

    private ListTypes() {}

    static void check(@Nullable ValueSchema schema, @Nullable JsonNode value, Path path, List<FieldError> errors) {
        if (schema == null || value == null) {
            return;
        }
        if (value.isArray()) {
            items(schema, value, path, errors);
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                @Nullable ValueSchema declared = schema.properties.get(field.getKey());
                if (declared != null) {
                    check(declared, field.getValue(), path.field(field.getKey()), errors);
                } else if (schema.additional != null) {
                    check(schema.additional, field.getValue(), path.key(field.getKey()), errors);
                }
            }
        }
    }

    private static void items(ValueSchema schema, JsonNode list, Path path, List<FieldError> errors) {
        boolean isMap = schema.listType.equals("map");
        if (isMap || schema.listType.equals("set")) {
            Set<Object> seen = new HashSet<>();
            for (int i = 0; i < list.size() && errors.size() < ValueCheck.MAX_ERRORS; i++) {
                JsonNode item = list.get(i);
                if (!seen.add(isMap ? keys(schema, item) : Equality.identity(item))) {
                    errors.add(FieldError.duplicate(path.index(i).name(), isMap ? shown(schema, item) : item));
                }
            }
        }
        for (int i = 0; schema.items != null && i < list.size() && errors.size() < ValueCheck.MAX_ERRORS; i++) {
            check(schema.items, list.get(i), path.index(i), errors);
        }
    }

    private static Object keys(ValueSchema schema, JsonNode item) {
        return item.isObject() ? Equality.keys(item, schema.listKeys) : Equality.identity(item);
    }

    private static JsonNode shown(ValueSchema schema, JsonNode item) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (String key : schema.listKeys) {
            if (item.has(key)) {
                keys.set(key, item.get(key));
            }
        }
        return keys;
    }
}
