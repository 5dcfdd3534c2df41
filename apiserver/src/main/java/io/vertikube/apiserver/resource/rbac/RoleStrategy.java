package io.vertikube.apiserver.resource.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of roles and cluster roles. Pure. */
public final class RoleStrategy implements Strategy {

    private final boolean cluster;

    public RoleStrategy(boolean cluster) {
        this.cluster = cluster;
    }

    @Override
    public List<FieldError> validate(ObjectNode role) {
        var problems = new Problems();
        Place root = Place.root(role);
        for (Place rule : root.items("rules")) {
            rule(rule, problems);
        }
        for (Place selector : root.get("aggregationRule").items("clusterRoleSelectors")) {
            LabelSelectorRules.validate(selector, problems);
        }
        if (root.has("aggregationRule")
                && root.get("aggregationRule", "clusterRoleSelectors").empty()) {
            problems.required(
                    root.get("aggregationRule", "clusterRoleSelectors"),
                    "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode role, ObjectNode old) {
        return validate(role);
    }

    private void rule(Place rule, Problems problems) {
        if (rule.get("verbs").empty()) {
            problems.required(rule.get("verbs"), "verbs must contain at least one value");
        }
        if (!rule.get("nonResourceURLs").empty()) {
            if (!cluster) {
                problems.invalid(rule.get("nonResourceURLs"), "namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.get("apiGroups").empty()
                    || !rule.get("resources").empty()
                    || !rule.get("resourceNames").empty()) {
                problems.invalid(
                        rule.get("nonResourceURLs"),
                        "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.get("apiGroups").empty()) {
            problems.required(rule.get("apiGroups"), "resource rules must supply at least one api group");
        }
        if (rule.get("resources").empty()) {
            problems.required(rule.get("resources"), "resource rules must supply at least one resource");
        }
    }
}
