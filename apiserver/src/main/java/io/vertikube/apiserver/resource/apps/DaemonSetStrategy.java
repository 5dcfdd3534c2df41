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

/** The rules of daemon sets. Pure. */
public final class DaemonSetStrategy implements Strategy {

    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    @Override
    public void applyDefaults(ObjectNode set) {
        // Whoever writes a daemon set is taken to have written the annotation, as where it is a field on the inside.
        Trees.setIfAbsent(annotations(set), TEMPLATE_GENERATION, "0");
        Trees.find(set, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "revisionHistoryLimit", 10);
            ObjectNode strategy = Trees.object(spec, "updateStrategy");
            Trees.setIfAbsent(strategy, "type", "RollingUpdate");
            if (strategy.path("type").asText().equals("RollingUpdate")) {
                ObjectNode rolling = Trees.object(strategy, "rollingUpdate");
                Trees.setIfAbsent(rolling, "maxUnavailable", 1);
                Trees.setIfAbsent(rolling, "maxSurge", 0);
            }
            PodTemplateRules.applyDefaults(spec, "template");
        });
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        annotations(set).put(TEMPLATE_GENERATION, "1");
        set.putObject("status")
                .put("currentNumberScheduled", 0)
                .put("desiredNumberScheduled", 0)
                .put("numberMisscheduled", 0)
                .put("numberReady", 0);
    }

    @Override
    public void prepareForUpdate(ObjectNode set, ObjectNode old) {
        String before = Trees.at(old, "metadata", "annotations")
                .path(TEMPLATE_GENERATION)
                .asText("1");
        boolean templateChanged = !Trees.same(set.path("spec"), old.path("spec"), "template");
        long generation = before.matches("[0-9]{1,18}") ? Long.parseLong(before) : 1;
        annotations(set).put(TEMPLATE_GENERATION, Long.toString(templateChanged ? generation + 1 : generation));
    }

    @Override
    public List<FieldError> validate(ObjectNode set) {
        var problems = new Problems();
        Place spec = Place.root(set).get("spec");
        if (!spec.has("selector")) {
            problems.required(spec.get("selector"));
        } else {
            LabelSelectorRules.matchesTemplate(
                    spec.get("selector"), spec.get("template", "metadata", "labels"), problems);
        }
        PodTemplateRules.validateAlwaysRunning(spec.get("template"), problems);
        problems.notNegative(spec.get("minReadySeconds"));
        problems.notNegative(spec.get("revisionHistoryLimit"));
        strategy(spec.get("updateStrategy"), problems);
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
        var problems = new Problems();
        Place status = Place.root(set).get("status");
        for (String field : List.of(
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
                "observedGeneration",
                "updatedNumberScheduled",
                "numberAvailable",
                "numberUnavailable")) {
            problems.notNegative(status.get(field));
        }
        return problems.list();
    }

    private static void strategy(Place strategy, Problems problems) {
        switch (strategy.text("type")) {
            case "OnDelete" -> {
                // nothing to roll
            }
            case "RollingUpdate" -> {
                Place rolling = strategy.get("rollingUpdate");
                Place unavailable = rolling.get("maxUnavailable");
                Place surge = rolling.get("maxSurge");
                ScaleRules.amount(unavailable, problems);
                ScaleRules.amount(surge, problems);
                ScaleRules.notOverAll(unavailable, problems);
                ScaleRules.notOverAll(surge, problems);
                boolean none = ScaleRules.isZero(unavailable);
                boolean noSurge = ScaleRules.isZero(surge);
                if (!none && !noSurge) {
                    problems.invalid(surge, "may not be set when maxUnavailable is non-zero");
                } else if (none && noSurge) {
                    problems.required(unavailable, "cannot be 0 when maxSurge is 0");
                }
            }
            default -> problems.supported(strategy.get("type"), List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static ObjectNode annotations(ObjectNode set) {
        return Trees.object(Trees.object(set, "metadata"), "annotations");
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("spec", "template"));
    }
}
