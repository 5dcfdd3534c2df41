package io.vertikube.apiserver.resource.devices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of templates for resource claims, which never change. Pure. */
public final class ResourceClaimTemplateStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode template) {
        ResourceClaimStrategy.defaults(template.path("spec").path("spec"));
    }

    @Override
    public List<FieldError> validate(ObjectNode template) {
        var problems = new Problems();
        Place spec = Place.root(template).get("spec");
        ObjectMetaRules.labels(spec.get("metadata", "labels"), problems);
        ObjectMetaRules.annotations(spec.get("metadata", "annotations"), problems);
        DeviceRules.claimSpec(spec.get("spec"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode template, ObjectNode old) {
        var problems = new Problems();
        problems.immutable(Place.root(template).get("spec"), Place.root(old).get("spec"));
        if (problems.none()) {
            problems.addAll(validate(template));
        }
        return problems.list();
    }
}
