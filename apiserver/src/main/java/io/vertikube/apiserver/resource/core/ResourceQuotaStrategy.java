package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of resource quotas. Pure. */
public final class ResourceQuotaStrategy implements Strategy {

    private static final List<String> SCOPES = List.of(
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating",
            "VolumeAttributesClass");

    @Override
    public void prepareForCreate(ObjectNode quota) {
        quota.putObject("status");
    }

    @Override
    public List<FieldError> validate(ObjectNode quota) {
        var problems = new Problems();
        Place spec = Place.root(quota).get("spec");
        QuotaResources.validate(spec.get("hard"), problems);
        for (Place scope : spec.items("scopes")) {
            if (!SCOPES.contains(scope.text())) {
                problems.invalid(scope.at("spec.scopes"), "unsupported scope");
            }
        }
        QuotaResources.scopes(spec.get("scopes"), spec.get("hard"), problems);
        List<String> scopes = spec.get("scopes").texts();
        if (scopes.contains("BestEffort") && scopes.contains("NotBestEffort")) {
            problems.invalid(spec.get("scopes"), "conflicting scopes");
        }
        if (scopes.contains("Terminating") && scopes.contains("NotTerminating")) {
            problems.invalid(spec.get("scopes"), "conflicting scopes");
        }
        for (Place expression : spec.get("scopeSelector").items("matchExpressions")) {
            problems.supported(expression.get("scopeName"), SCOPES);
            problems.supported(expression.get("operator"), List.of("DoesNotExist", "Exists", "In", "NotIn"));
            Place values = expression.get("values");
            String operator = expression.text("operator");
            boolean plain = !List.of("PriorityClass", "VolumeAttributesClass").contains(expression.text("scopeName"));
            if (plain && !operator.equals("Exists")) {
                problems.invalid(
                        expression.get("operator"),
                        "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating,"
                                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                                + " ResourceQuotaScopeNotBestEffort or"
                                + " ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            if (List.of("In", "NotIn").contains(operator) && values.empty()) {
                problems.required(
                        values, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            } else if (List.of("Exists", "DoesNotExist").contains(operator) && !values.empty()) {
                problems.invalid(
                        values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode quota, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(quota));
        problems.immutable(
                Place.root(quota).get("spec", "scopes"), Place.root(old).get("spec", "scopes"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode quota, ObjectNode old) {
        var problems = new Problems();
        ResourceRules.amounts(Place.root(quota).get("status", "hard"), problems);
        ResourceRules.amounts(Place.root(quota).get("status", "used"), problems);
        return problems.list();
    }
}
