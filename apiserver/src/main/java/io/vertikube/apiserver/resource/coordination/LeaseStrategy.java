package io.vertikube.apiserver.resource.coordination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of leases. Pure. */
public final class LeaseStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode lease) {
        var problems = new Problems();
        Place spec = Place.root(lease).get("spec");
        problems.positive(spec.get("leaseDurationSeconds"));
        problems.notNegative(spec.get("leaseTransitions"));
        if (!spec.get("preferredHolder").empty() && spec.get("strategy").empty()) {
            problems.forbidden(spec.get("preferredHolder"), "may not be specified when `strategy` is not specified");
        }
        if (spec.present() && spec.has("strategy")) {
            CommonRules.domainOrName(spec.get("strategy"), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode lease, ObjectNode old) {
        return validate(lease);
    }

    @Override
    public boolean allowCreateOnUpdate() {
        return true;
    }

    @Override
    public boolean allowUnconditionalUpdate() {
        return false;
    }
}
