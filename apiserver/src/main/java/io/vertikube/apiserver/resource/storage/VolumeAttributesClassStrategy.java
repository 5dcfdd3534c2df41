package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of volume attributes classes, which never change (KEP-3751). Pure. */
public final class VolumeAttributesClassStrategy implements Strategy {

    private static final int MAX_PARAMETERS = 512;
    private static final int MAX_BYTES = 256 * 1024;

    @Override
    public List<FieldError> validate(ObjectNode attributes) {
        var problems = new Problems();
        Place root = Place.root(attributes);
        CommonRules.driverName(root.get("driverName"), problems);
        parameters(root.get("parameters"), false, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode attributes, ObjectNode old) {
        var problems = new Problems();
        for (String field : List.of("driverName", "parameters")) {
            problems.immutable(
                    Place.root(attributes).get(field), Place.root(old).get(field));
        }
        return problems.list();
    }

    /** What classes hand to a driver. */
    static void parameters(Place parameters, boolean mayBeEmpty, Problems problems) {
        if (parameters.empty()) {
            if (!mayBeEmpty) {
                problems.required(parameters, "must contain at least one key/value pair");
            }
            return;
        }
        if (parameters.node().size() > MAX_PARAMETERS) {
            problems.add(FieldError.tooLong(parameters.path(), MAX_PARAMETERS));
            return;
        }
        long bytes = 0;
        for (var entry : parameters.entries().entrySet()) {
            if (entry.getKey().isEmpty()) {
                problems.add(FieldError.invalid(parameters.path(), entry.getKey(), "field can not be empty."));
            }
            bytes += entry.getKey().length() + entry.getValue().text().length();
        }
        if (bytes > MAX_BYTES) {
            problems.add(FieldError.tooLong(parameters.path(), MAX_BYTES));
        }
    }
}
