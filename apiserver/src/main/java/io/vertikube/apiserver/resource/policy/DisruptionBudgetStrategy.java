package io.vertikube.apiserver.resource.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.apps.ScaleRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of disruption budgets. Pure. */
public final class DisruptionBudgetStrategy implements Strategy {

    @Override
    public void prepareForCreate(ObjectNode budget) {
        budget.putObject("status")
                .put("disruptionsAllowed", 0)
                .put("currentHealthy", 0)
                .put("desiredHealthy", 0)
                .put("expectedPods", 0);
    }

    @Override
    public List<FieldError> validate(ObjectNode budget) {
        var problems = new Problems();
        Place spec = Place.root(budget).get("spec");
        Place least = spec.get("minAvailable");
        Place most = spec.get("maxUnavailable");
        if (least.present() && most.present()) {
            problems.invalid(spec, "minAvailable and maxUnavailable cannot be both set");
        }
        for (Place amount : List.of(least, most)) {
            if (amount.present()) {
                ScaleRules.amount(amount, problems);
                ScaleRules.notOverAll(amount, problems);
            }
        }
        LabelSelectorRules.validate(spec.get("selector"), problems);
        problems.supportedIfAny(spec.get("unhealthyPodEvictionPolicy"), List.of("AlwaysAllow", "IfHealthyBudget"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode budget, ObjectNode old) {
        return validate(budget);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode budget, ObjectNode old) {
        var problems = new Problems();
        Place status = Place.root(budget).get("status");
        for (String field : List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")) {
            problems.notNegative(status.get(field));
        }
        return problems.list();
    }
}
