package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.PodTemplateRules;
import io.vertikube.apiserver.resource.core.pod.TemplateWarnings;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of pod templates that stand for themselves. Pure. */
public final class PodTemplateStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode object) {
        PodTemplateRules.applyDefaults(object, "template");
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        var problems = new Problems();
        PodTemplateRules.validate(Place.root(object).get("template"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return validate(object);
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("template"));
    }
}
