package io.vertikube.apiserver.resource.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of controller revisions, whose data never changes. Pure. */
public final class ControllerRevisionStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode revision) {
        var problems = new Problems();
        if (!Place.root(revision).has("data")) {
            problems.required(Place.root(revision).get("data"), "data is mandatory");
        }
        problems.notNegative(Place.root(revision).get("revision"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode revision, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(revision));
        problems.immutable(Place.root(revision).get("data"), Place.root(old).get("data"));
        return problems.list();
    }
}
