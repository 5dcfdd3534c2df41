package io.vertikube.apiserver.resource.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of horizontal pod autoscalers in both versions. Pure. */
public final class AutoscalerStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode autoscaler) {
        Trees.find(autoscaler, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "minReplicas", 1);
            boolean v2 = autoscaler.path("apiVersion").asText().equals("autoscaling/v2");
            if (v2 && spec.path("metrics").isEmpty()) {
                ObjectNode resource = spec.putArray("metrics")
                        .addObject()
                        .put("type", "Resource")
                        .putObject("resource");
                resource.put("name", "cpu");
                resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
            }
        });
    }

    @Override
    public void prepareForCreate(ObjectNode autoscaler) {
        autoscaler.putObject("status").put("desiredReplicas", 0);
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
        Place target = spec.get("scaleTargetRef");
        for (String field : List.of("kind", "name")) {
            if (problems.require(target.get(field), "")) {
                problems.check(target.get(field), Names::pathSegment);
            }
        }
        for (Place metric : spec.items("metrics")) {
            problems.supported(
                    metric.get("type"), List.of("ContainerResource", "External", "Object", "Pods", "Resource"));
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode autoscaler, ObjectNode old) {
        return validate(autoscaler);
    }
}
