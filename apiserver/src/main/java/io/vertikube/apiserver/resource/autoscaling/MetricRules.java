package io.vertikube.apiserver.resource.autoscaling;

import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.util.List;
import java.util.Map;

/** What an autoscaler measures and what it aims at. Pure. */
final class MetricRules {

    private static final Map<String, String> FIELDS = Map.of(
            "ContainerResource", "containerResource",
            "External", "external",
            "Object", "object",
            "Pods", "pods",
            "Resource", "resource");

    private MetricRules() {}

    static void metric(Place metric, Problems problems) {
        Place type = metric.get("type");
        if (type.empty()) {
            problems.required(type, "must specify a metric source type");
            return;
        }
        String field = FIELDS.getOrDefault(type.text(), "");
        if (field.isEmpty()) {
            problems.supported(type, List.of("ContainerResource", "External", "Object", "Pods", "Resource"));
            return;
        }
        if (!metric.has(field)) {
            problems.required(metric.get(field), "must populate information for the given metric source");
        }
        FIELDS.values().stream()
                .sorted()
                .filter(other -> !other.equals(field) && metric.has(other))
                .forEach(other -> problems.forbidden(metric.get(other), "must populate the given metric source only"));
        Place source = metric.get(field);
        if (!source.present()) {
            return;
        }
        switch (type.text()) {
            case "Object" -> object(source, problems);
            case "External" -> external(source, problems);
            case "Pods" -> pods(source, problems);
            default -> resource(source, type.text().equals("ContainerResource"), problems);
        }
    }

    private static void object(Place source, Problems problems) {
        reference(source.get("describedObject"), problems);
        identifier(source.get("metric"), problems);
        target(source.get("target"), problems);
        if (!source.get("target").has("value") && !source.get("target").has("averageValue")) {
            problems.required(source.get("target", "averageValue"), "must set either a target value or averageValue");
        }
    }

    private static void external(Place source, Problems problems) {
        identifier(source.get("metric"), problems);
        Place target = source.get("target");
        target(target, problems);
        if (!target.has("value") && !target.has("averageValue")) {
            problems.required(
                    target.get("averageValue"), "must set either a target value for metric or a per-pod target");
        }
        if (target.has("value") && target.has("averageValue")) {
            problems.forbidden(target.get("value"), "may not set both a target value for metric and a per-pod target");
        }
    }

    private static void pods(Place source, Problems problems) {
        identifier(source.get("metric"), problems);
        target(source.get("target"), problems);
        Place average = source.get("target", "averageValue");
        if (!average.present() || !positive(average)) {
            problems.required(average, "must specify a positive target averageValue");
        }
    }

    private static void resource(Place source, boolean ofContainer, Problems problems) {
        problems.require(source.get("name"), "must specify a resource name");
        if (ofContainer) {
            problems.require(source.get("container"), "must specify a container");
        }
        Place target = source.get("target");
        target(target, problems);
        if (!target.has("averageUtilization") && !target.has("averageValue")) {
            problems.required(
                    target.get("averageUtilization"), "must set either a target raw value or a target utilization");
        }
        if (target.has("averageUtilization") && target.has("averageValue")) {
            problems.forbidden(
                    target.get("averageValue"), "may not set both a target raw value and a target utilization");
        }
    }

    private static void identifier(Place metric, Problems problems) {
        Place name = metric.get("name");
        if (problems.require(name, "must specify a metric name")) {
            problems.check(name, Names::pathSegment);
        }
        LabelSelectorRules.validate(metric.get("selector"), problems);
    }

    private static void target(Place target, Problems problems) {
        Place type = target.get("type");
        if (problems.require(type, "must specify a metric target type")
                && !List.of("Utilization", "Value", "AverageValue").contains(type.text())) {
            problems.invalid(type, "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            if (target.has(field) && !positive(target.get(field))) {
                problems.invalid(target.get(field), "must be positive");
            }
        }
        Place utilization = target.get("averageUtilization");
        if (utilization.present() && utilization.number(0) < 1) {
            problems.invalid(utilization, "must be greater than 0");
        }
    }

    private static boolean positive(Place amount) {
        return Quantities.isQuantity(amount.text())
                && Quantities.parse(amount.text()).signum() > 0;
    }

    static void reference(Place reference, Problems problems) {
        for (String field : List.of("kind", "name")) {
            if (problems.require(reference.get(field), "")) {
                problems.check(reference.get(field), Names::pathSegment);
            }
        }
        Place version = reference.get("apiVersion");
        if (version.text().split("/", -1).length > 2) {
            problems.invalid(version, "unexpected GroupVersion string: " + version.text());
        }
    }
}
