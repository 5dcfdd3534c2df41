package io.vertikube.apiserver.resource.apps;

import com.fasterxml.jackson.databind.JsonNode;
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

/** The rules of replication controllers, whose selector and labels come from the template if they are left out. Pure. */
public final class ReplicationControllerStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode controller) {
        Trees.find(controller, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "replicas", 1);
            PodTemplateRules.applyDefaults(spec, "template");
            JsonNode labels = Trees.at(spec, "template", "metadata", "labels");
            if (!labels.isEmpty()) {
                if (spec.path("selector").isEmpty()) {
                    spec.set("selector", labels.deepCopy());
                }
                ObjectNode metadata = Trees.object(controller, "metadata");
                if (metadata.path("labels").isEmpty()) {
                    metadata.set("labels", labels.deepCopy());
                }
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode controller) {
        controller.putObject("status").put("replicas", 0);
    }

    @Override
    public List<FieldError> validate(ObjectNode controller) {
        var problems = new Problems();
        Place spec = Place.root(controller).get("spec");
        problems.notNegative(spec.get("minReadySeconds"));
        LabelSelectorRules.validateMap(spec.get("selector"), problems);
        if (spec.get("selector").empty()) {
            problems.required(spec.get("selector"));
        }
        problems.notNegative(spec.get("replicas"));
        Place labels = spec.get("template", "metadata", "labels");
        boolean matches = spec.get("selector").strings().entrySet().stream()
                .allMatch(e -> e.getValue().equals(labels.strings().get(e.getKey())));
        if (spec.has("template") && !matches) {
            problems.invalid(labels, "`selector` does not match template `labels`");
        }
        PodTemplateRules.validateAlwaysRunning(spec.get("template"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode controller, ObjectNode old) {
        return validate(controller);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode controller, ObjectNode old) {
        return ReplicaStatusRules.validate(controller);
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
