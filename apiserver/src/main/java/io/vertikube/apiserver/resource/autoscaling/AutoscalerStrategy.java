package io.vertikube.apiserver.resource.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of horizontal pod autoscalers in both versions. Pure. */
public final class AutoscalerStrategy implements Strategy {

    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final int USUAL_CPU_PERCENT = 80;

    private static boolean isV2(ObjectNode autoscaler) {
        return autoscaler.path("apiVersion").asText().equals("autoscaling/v2");
    }

    @Override
    public void applyDefaults(ObjectNode autoscaler) {
        Trees.find(autoscaler, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "minReplicas", 1);
            boolean v2 = isV2(autoscaler);
            if (v2) {
                Trees.find(spec, "behavior").ifPresent(BehaviorRules::applyDefaults);
            }
            boolean annotated = Trees.at(autoscaler, "metadata", "annotations").has(METRICS);
            if (!v2 && !annotated) {
                Trees.setIfAbsent(spec, "targetCPUUtilizationPercentage", USUAL_CPU_PERCENT);
            }
            if (v2 && spec.path("metrics").isEmpty()) {
                ObjectNode resource = spec.putArray("metrics")
                        .addObject()
                        .put("type", "Resource")
                        .putObject("resource");
                resource.put("name", "cpu");
                resource.putObject("target").put("type", "Utilization").put("averageUtilization", USUAL_CPU_PERCENT);
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode autoscaler) {
        ObjectNode status = autoscaler.putObject("status").put("desiredReplicas", 0);
        if (isV2(autoscaler)) {
            status.putNull("currentMetrics");
        } else {
            status.put("currentReplicas", 0);
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode autoscaler) {
        var problems = new Problems();
        Place spec = Place.root(autoscaler).get("spec");
        long least = spec.number("minReplicas", 1);
        long most = spec.number("maxReplicas", 0);
        if (least < 1) {
            problems.invalid(spec.get("minReplicas"), "must be greater than or equal to 1");
        }
        if (most < 1) {
            problems.invalid(spec.get("maxReplicas"), "must be greater than 0");
        }
        if (most < least) {
            problems.invalid(spec.get("maxReplicas"), "must be greater than or equal to `minReplicas`");
        }
        MetricRules.reference(spec.get("scaleTargetRef"), problems);
        Place cpu = spec.get("targetCPUUtilizationPercentage");
        if (cpu.present() && cpu.number(0) < 1) {
            problems.invalid(cpu, "must be greater than 0");
        }
        spec.items("metrics").forEach(metric -> MetricRules.metric(metric, problems));
        BehaviorRules.validate(spec.get("behavior"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode autoscaler, ObjectNode old) {
        return validate(autoscaler);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode autoscaler, ObjectNode old) {
        var problems = new Problems();
        Place status = Place.root(autoscaler).get("status");
        problems.notNegative(status.get("currentReplicas"));
        problems.notNegative(status.get("desiredReplicas"));
        return problems.list();
    }
}
