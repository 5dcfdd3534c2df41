package io.vertikube.apiserver.resource.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of what binds an admission policy to its parameters. Pure. */
public final class PolicyBindingStrategy implements Strategy {

    private final boolean mutating;

    public PolicyBindingStrategy(boolean mutating) {
        this.mutating = mutating;
    }

    @Override
    public List<FieldError> validate(ObjectNode binding) {
        var problems = new Problems();
        Place spec = Place.root(binding).get("spec");
        Place name = spec.get("policyName");
        if (problems.require(name, "")) {
            problems.check(name, Names::dnsSubdomain);
        }
        if (spec.has("paramRef")) {
            parameters(spec.get("paramRef"), problems);
        }
        RuleRules.matches(spec.get("matchResources"), problems);
        if (!mutating) {
            actions(spec.get("validationActions"), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode binding, ObjectNode old) {
        return validate(binding);
    }

    private static void parameters(Place reference, Problems problems) {
        boolean named = !reference.get("name").empty();
        boolean selected = reference.has("selector");
        if (named) {
            problems.check(reference.get("name"), Names::pathSegment);
            if (selected) {
                problems.forbidden(reference.get("name"), "name and selector are mutually exclusive");
            }
        } else if (!selected) {
            problems.required(reference, "one of name or selector must be specified");
        }
        LabelSelectorRules.validate(reference.get("selector"), problems);
        Place missing = reference.get("parameterNotFoundAction");
        if (problems.require(missing, "")) {
            problems.supported(missing, List.of("Allow", "Deny"));
        }
    }

    private static void actions(Place actions, Problems problems) {
        if (actions.empty()) {
            problems.required(actions, "at least one validation action is required");
        }
        actions.items().forEach(action -> problems.supported(action, List.of("Audit", "Deny", "Warn")));
        problems.unique(actions.items());
        if (actions.texts().contains("Deny") && actions.texts().contains("Warn")) {
            problems.invalid(
                    actions,
                    "must not contain both Deny and Warn (repeating the same validation failure information in the"
                            + " API response and headers serves no purpose)");
        }
    }
}
