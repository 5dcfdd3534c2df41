package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules of config maps. Pure. */
public final class ConfigMapStrategy implements Strategy {

    static final int MAX_BYTES = 1024 * 1024;

    @Override
    public List<FieldError> validate(ObjectNode map) {
        var problems = new Problems();
        Place root = Place.root(map);
        Place data = root.get("data");
        Place binary = root.get("binaryData");
        long bytes = 0;
        for (var entry : data.entries().entrySet()) {
            key(entry.getKey(), entry.getValue(), problems);
            if (binary.node().has(entry.getKey())) {
                problems.add(FieldError.invalid(
                        entry.getValue().path(), entry.getKey(), "duplicate of key present in binaryData"));
            }
            bytes += entry.getValue().text().getBytes(StandardCharsets.UTF_8).length;
        }
        for (var entry : binary.entries().entrySet()) {
            key(entry.getKey(), entry.getValue(), problems);
            bytes += entry.getValue().text().length() / 4 * 3L;
        }
        if (bytes > MAX_BYTES) {
            problems.add(FieldError.tooLong("[]", MAX_BYTES));
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode map, ObjectNode old) {
        var problems = new Problems();
        unchangedIfImmutable(map, old, List.of("data", "binaryData"), problems);
        problems.addAll(validate(map));
        return problems.list();
    }

    /** What is marked immutable stays so, with its content. */
    static void unchangedIfImmutable(ObjectNode object, ObjectNode old, List<String> fields, Problems problems) {
        if (!old.path("immutable").asBoolean()) {
            return;
        }
        if (!object.path("immutable").asBoolean()) {
            problems.add(FieldError.forbidden("immutable", "field is immutable when `immutable` is set"));
        }
        for (String field : fields) {
            boolean bothEmpty = object.path(field).isEmpty() && old.path(field).isEmpty();
            if (!bothEmpty && !Trees.same(object, old, field)) {
                problems.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
            }
        }
    }

    static void key(String key, Place entry, Problems problems) {
        for (String sentence : Names.configMapKey(key)) {
            problems.add(FieldError.invalid(entry.path(), key, sentence));
        }
    }
}
