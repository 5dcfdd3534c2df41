package io.vertikube.apiserver.resource.networking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of addresses that are taken: each belongs to something, for ever. Pure. */
public final class AddressStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode address) {
        var problems = new Problems();
        Place parent = Place.root(address).get("spec", "parentRef");
        if (!parent.present()) {
            problems.required(parent, "must reference a parent object");
            return problems.list();
        }
        problems.require(parent.get("resource"), "");
        problems.require(parent.get("name"), "");
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode address, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(
                Place.root(address).get("spec", "parentRef"), Place.root(old).get("spec", "parentRef"));
        return problems.list();
    }
}
