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

/** The rules of deployments. Pure. */
public final class DeploymentStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode deployment) {
        Trees.find(deployment, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "replicas", 1);
            Trees.setIfAbsent(spec, "revisionHistoryLimit", 10);
            Trees.setIfAbsent(spec, "progressDeadlineSeconds", 600);
            ObjectNode strategy = Trees.object(spec, "strategy");
            Trees.setIfAbsent(strategy, "type", "RollingUpdate");
            if (strategy.path("type").asText().equals("RollingUpdate")) {
                ObjectNode rolling = Trees.object(strategy, "rollingUpdate");
                Trees.setIfAbsent(rolling, "maxUnavailable", "25%");
                Trees.setIfAbsent(rolling, "maxSurge", "25%");
            }
            PodTemplateRules.applyDefaults(spec, "template");
        });
    }

    @Override
    public void prepareForCreate(ObjectNode deployment) {
        deployment.putObject("status");
    }

    @Override
    public List<FieldError> validate(ObjectNode deployment) {
        var problems = new Problems();
        Place spec = Place.root(deployment).get("spec");
        problems.notNegative(spec.get("replicas"));
        if (!spec.has("selector")) {
            problems.required(spec.get("selector"));
        } else {
            LabelSelectorRules.matchesTemplate(
                    spec.get("selector"), spec.get("template", "metadata", "labels"), problems);
        }
        PodTemplateRules.validateAlwaysRunning(spec.get("template"), problems);
        strategy(spec.get("strategy"), problems);
        problems.notNegative(spec.get("minReadySeconds"));
        problems.notNegative(spec.get("revisionHistoryLimit"));
        Place deadline = spec.get("progressDeadlineSeconds");
        problems.notNegative(deadline);
        if (deadline.present() && deadline.number(0) <= spec.number("minReadySeconds", 0)) {
            problems.invalid(deadline, "must be greater than minReadySeconds");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode deployment, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(deployment));
        problems.immutable(
                Place.root(deployment).get("spec", "selector"), Place.root(old).get("spec", "selector"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode deployment, ObjectNode old) {
        return ReplicaStatusRules.validate(deployment);
    }

    private static void strategy(Place strategy, Problems problems) {
        Place rolling = strategy.get("rollingUpdate");
        switch (strategy.text("type")) {
            case "Recreate" -> {
                if (rolling.present()) {
                    problems.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> {
                if (!rolling.present()) {
                    problems.required(rolling, "this should be defaulted and never be nil");
                    return;
                }
                Place unavailable = rolling.get("maxUnavailable");
                Place surge = rolling.get("maxSurge");
                ScaleRules.amount(unavailable, problems);
                ScaleRules.amount(surge, problems);
                if (ScaleRules.isZero(unavailable) && ScaleRules.isZero(surge)) {
                    problems.invalid(unavailable, "may not be 0 when `maxSurge` is 0");
                }
                ScaleRules.notOverAll(unavailable, problems);
            }
            default -> problems.supported(strategy.get("type"), List.of("Recreate", "RollingUpdate"));
        }
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("spec", "template"));
    }
}
