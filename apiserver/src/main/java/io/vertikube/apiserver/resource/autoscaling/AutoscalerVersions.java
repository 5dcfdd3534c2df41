package io.vertikube.apiserver.resource.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Conversion;
import io.vertikube.apiserver.resource.TwoVersions;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Autoscalers in {@code autoscaling/v1}, which knows one metric, the use of processors; everything else stands in
 * annotations ("HorizontalPodAutoscaler", appendix "API details" in the documentation). Stored is {@code v2}. Pure.
 */
public final class AutoscalerVersions {

    private static final String V2 = "autoscaling/v2";
    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";

    private AutoscalerVersions() {}

    /** @param apiVersion {@code autoscaling/v1} or {@code autoscaling/v2} */
    public static Conversion asked(String apiVersion) {
        return new TwoVersions(apiVersion, V2, AutoscalerVersions::first, AutoscalerVersions::second);
    }

    /** From v2 to v1. */
    static ObjectNode first(ObjectNode autoscaler) {
        if (autoscaler.get("spec") instanceof ObjectNode spec) {
            ArrayNode others = spec.arrayNode();
            for (ObjectNode metric : Trees.objects(spec, "metrics")) {
                JsonNode target = metric.path("resource").path("target").path("averageUtilization");
                if (isCpu(metric) && target.isNumber() && !spec.has("targetCPUUtilizationPercentage")) {
                    spec.set("targetCPUUtilizationPercentage", target);
                } else {
                    others.add(AutoscalerMetrics.flat(metric));
                }
            }
            spec.remove("metrics");
            note(autoscaler, METRICS, others);
            JsonNode behavior = spec.remove("behavior");
            if (behavior != null) {
                note(autoscaler, BEHAVIOR, AutoscalerMetrics.capitals(behavior));
            }
        }
        if (autoscaler.get("status") instanceof ObjectNode status) {
            ArrayNode others = status.arrayNode();
            for (ObjectNode metric : Trees.objects(status, "currentMetrics")) {
                JsonNode current = metric.path("resource").path("current").path("averageUtilization");
                if (isCpu(metric) && current.isNumber()) {
                    status.set("currentCPUUtilizationPercentage", current);
                }
                others.add(AutoscalerMetrics.flat(metric));
            }
            status.remove("currentMetrics");
            note(autoscaler, CURRENT_METRICS, others);
            JsonNode conditions = status.remove("conditions");
            if (conditions != null) {
                note(autoscaler, CONDITIONS, conditions);
            }
        }
        return autoscaler;
    }

    /** From v1 to v2; annotations that are no JSON stay where they are. */
    static ObjectNode second(ObjectNode autoscaler) {
        ArrayNode metrics = autoscaler.arrayNode();
        for (JsonNode metric : read(autoscaler, METRICS)) {
            metrics.add(AutoscalerMetrics.nested(metric, "target"));
        }
        JsonNode behavior = read(autoscaler, BEHAVIOR);
        if (autoscaler.get("spec") instanceof ObjectNode spec) {
            JsonNode cpu = spec.remove("targetCPUUtilizationPercentage");
            if (cpu != null) {
                ObjectNode resource =
                        metrics.addObject().put("type", "Resource").putObject("resource");
                resource.put("name", "cpu");
                resource.putObject("target").put("type", "Utilization").set("averageUtilization", cpu);
            }
            if (!metrics.isEmpty()) {
                spec.set("metrics", metrics);
            }
            if (behavior.isObject()) {
                spec.set("behavior", AutoscalerMetrics.smallLetters(behavior));
            }
        }
        JsonNode current = read(autoscaler, CURRENT_METRICS);
        JsonNode conditions = read(autoscaler, CONDITIONS);
        if (autoscaler.get("status") instanceof ObjectNode status) {
            JsonNode cpu = status.remove("currentCPUUtilizationPercentage");
            ArrayNode metricsNow = status.arrayNode();
            current.forEach(metric -> metricsNow.add(AutoscalerMetrics.nested(metric, "current")));
            boolean told = Trees.objects(status.objectNode().set("m", metricsNow), "m").stream()
                    .anyMatch(AutoscalerVersions::isCpu);
            if (cpu != null && !told) {
                ObjectNode resource =
                        metricsNow.addObject().put("type", "Resource").putObject("resource");
                resource.put("name", "cpu");
                resource.putObject("current").set("averageUtilization", cpu);
            }
            if (!metricsNow.isEmpty()) {
                status.set("currentMetrics", metricsNow);
            }
            if (conditions.isArray()) {
                status.set("conditions", conditions);
            }
        }
        new AutoscalerStrategy().applyDefaults(autoscaler.put("apiVersion", V2));
        return autoscaler;
    }

    private static boolean isCpu(JsonNode metric) {
        return metric.path("type").asText().equals("Resource")
                && metric.path("resource").path("name").asText().equals("cpu");
    }

    private static void note(ObjectNode autoscaler, String annotation, JsonNode value) {
        if (!value.isEmpty()) {
            Trees.object(Trees.object(autoscaler, "metadata"), "annotations").put(annotation, value.toString());
        }
    }

    /** Takes an annotation; missing if there is none that can be read. */
    private static JsonNode read(ObjectNode autoscaler, String annotation) {
        @Nullable
        ObjectNode annotations =
                autoscaler.path("metadata").get("annotations") instanceof ObjectNode there ? there : null;
        if (annotations == null || !annotations.path(annotation).isTextual()) {
            return autoscaler.path("metadata").path(annotation);
        }
        try {
            JsonNode read = Json.tree(annotations.path(annotation).asText().getBytes(StandardCharsets.UTF_8));
            annotations.remove(annotation);
            if (annotations.isEmpty()) {
                Trees.object(autoscaler, "metadata").remove("annotations");
            }
            return read;
        } catch (UncheckedIOException e) {
            return autoscaler.path("metadata").path(annotation);
        }
    }
}
