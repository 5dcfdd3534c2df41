package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of pods. Pure. */
public final class PodStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode pod) {
        Trees.find(pod, "spec").ifPresent(PodDefaults::applyToPod);
    }

    @Override
    public void prepareForCreate(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        status.put("qosClass", PodQuality.of(pod.path("spec")));
        if (!Trees.at(pod, "spec", "schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put("reason", "SchedulingGated")
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode pod, ObjectNode old) {
        ObjectNode status = Trees.object(pod, "status");
        if (status.path("qosClass").asText("").isEmpty()) {
            status.put("qosClass", old.path("status").path("qosClass").asText(PodQuality.of(pod.path("spec"))));
        }
        if (status.path("phase").asText("").isEmpty()) {
            status.put("phase", "Pending");
        }
        PodStatusRules.alignAddresses(status);
    }

    @Override
    public List<FieldError> validate(ObjectNode pod) {
        var problems = new Problems();
        Place spec = Place.root(pod).get("spec");
        PodSpecRules.validate(spec, problems);
        MirrorRules.validate(pod, problems);
        if (!spec.get("ephemeralContainers").empty()) {
            problems.forbidden(spec.get("ephemeralContainers"), "cannot be set on create");
        }
        if (!spec.get("schedulingGates").empty() && !spec.get("nodeName").empty()) {
            problems.forbidden(spec.get("nodeName"), "cannot be set until all schedulingGates have been cleared");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode pod, ObjectNode old) {
        var problems = new Problems();
        PodUpdateRules.validate(pod, old, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode pod, ObjectNode old) {
        var problems = new Problems();
        MirrorRules.validateUpdate(pod, old, problems);
        PodStatusRules.validate(pod, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validatePartUpdate(String subresource, ObjectNode pod, ObjectNode old) {
        var problems = new Problems();
        if (subresource.equals("ephemeralcontainers")) {
            PodUpdateRules.validateEphemeral(pod, old, problems);
        } else if (subresource.equals("resize")) {
            ResizeRules.validate(pod, old, problems);
        }
        PodSpecRules.validate(Place.root(pod).get("spec"), problems);
        return problems.list();
    }

    @Override
    public List<String> warnings(ObjectNode pod, @Nullable ObjectNode old) {
        Place root = Place.root(pod);
        var warnings = new ArrayList<String>();
        if (old == null) {
            warnings.addAll(PodWarnings.ofName(root, "the Pod's hostname"));
        }
        warnings.addAll(PodWarnings.of(root));
        return warnings;
    }

    @Override
    public boolean allowUnconditionalUpdate() {
        return true;
    }

    @Override
    public long defaultGracePeriodSeconds(ObjectNode pod) {
        boolean ended = List.of("Succeeded", "Failed")
                .contains(pod.path("status").path("phase").asText());
        boolean nowhere = pod.path("spec").path("nodeName").asText("").isEmpty();
        return nowhere || ended
                ? 0
                : pod.path("spec").path("terminationGracePeriodSeconds").asLong(30);
    }

    @Override
    public List<String> selectableFields() {
        return List.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork=false",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName");
    }
}
