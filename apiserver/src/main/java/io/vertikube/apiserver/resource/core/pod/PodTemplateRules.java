package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/** Pod templates inside other kinds. Pure but for the tree that defaults change. */
public final class PodTemplateRules {

    private PodTemplateRules() {}

    /** Fills a template's pod spec. */
    public static void applyDefaults(ObjectNode parent, String field) {
        Trees.find(parent, field, "spec").ifPresent(PodDefaults::applyToSpec);
    }

    public static void validate(Place template, Problems problems) {
        if (!template.present()) {
            problems.required(template);
            return;
        }
        Place metadata = template.get("metadata");
        ObjectMetaRules.labels(metadata.get("labels"), problems);
        ObjectMetaRules.annotations(metadata.get("annotations"), problems);
        PodSpecRules.validate(template.get("spec"), problems);
        if (!template.get("spec").get("ephemeralContainers").empty()) {
            problems.forbidden(
                    template.get("spec").get("ephemeralContainers"),
                    "ephemeral containers not allowed in pod template");
        }
    }

    /** A template whose pods run for ever. */
    public static void validateAlwaysRunning(Place template, Problems problems) {
        validate(template, problems);
        Place policy = template.get("spec").get("restartPolicy");
        if (policy.present()
                && !policy.text().equals("Always")
                && List.of("OnFailure", "Never").contains(policy.text())) {
            problems.supported(policy, List.of("Always"));
        }
        if (template.get("spec").has("activeDeadlineSeconds")) {
            problems.forbidden(
                    template.get("spec").get("activeDeadlineSeconds"),
                    "activeDeadlineSeconds in pod template is not supported here");
        }
    }
}
