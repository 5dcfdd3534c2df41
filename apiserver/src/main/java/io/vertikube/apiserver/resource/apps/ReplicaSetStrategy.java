package io.vertikube.apiserver.resource.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.PodTemplateRules;
import io.vertikube.apiserver.resource.core.pod.TemplateWarnings;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of replica sets. Pure. */
public final class ReplicaSetStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode set) {
        Trees.find(set, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "replicas", 1);
            PodTemplateRules.applyDefaults(spec, "template");
        });
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        set.putObject("status").put("replicas", 0);
    }

    @Override
    public List<FieldError> validate(ObjectNode set) {
        var problems = new Problems();
        Place spec = Place.root(set).get("spec");
        problems.notNegative(spec.get("replicas"));
        problems.notNegative(spec.get("minReadySeconds"));
        if (!spec.has("selector")) {
            problems.required(spec.get("selector"));
        } else {
            LabelSelectorRules.matchesTemplate(
                    spec.get("selector"), spec.get("template", "metadata", "labels"), problems);
        }
        PodTemplateRules.validateAlwaysRunning(spec.get("template"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode set, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(set));
        problems.immutable(
                Place.root(set).get("spec", "selector"), Place.root(old).get("spec", "selector"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode set, ObjectNode old) {
        return ReplicaStatusRules.validate(set);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.replicas=0");
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("spec", "template"));
    }
}
